from django.urls import path

from jobcenter.post import views

app_name = "post"
urlpatterns = [
    path("intern/post/", views.VersandListeView.as_view(), name="versand-liste"),
    path("intern/post/<int:pk>/", views.VersandDetailView.as_view(), name="versand-detail"),
    path("intern/post/<int:pk>/wiederholen/", views.VersandWiederholenView.as_view(), name="versand-wiederholen"),
    path("intern/post/<int:pk>/senden/", views.VersandSendenView.as_view(), name="versand-senden"),
]
