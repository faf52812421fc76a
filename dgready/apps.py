"""Django app configuration of the project package: its template tags and commands."""

from importlib import import_module

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """App of the templates, static files and pages that belong to no single domain app."""

    name = "dgready"
    verbose_name = "dgready"

    def ready(self) -> None:
        """Loads the Celery app, which tasks belong to; not with the package, since children of the guard do without."""
        import_module("dgready.celery")
