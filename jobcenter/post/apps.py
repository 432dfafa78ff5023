from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "jobcenter.post"
    label = "post"
    verbose_name = "Post"
