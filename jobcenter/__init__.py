"""Portal of a kommunales Jobcenter."""

from jobcenter.celery import app as celery_app

__all__ = ["celery_app"]
