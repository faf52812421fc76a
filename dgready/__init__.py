"""The project package: settings, root URLs, the Celery app, and helpers that every app shares."""

__version__ = "0.1.0"
