"""The project package: settings, root URLs, the Celery app, and helpers that every app shares."""

from dgready.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
