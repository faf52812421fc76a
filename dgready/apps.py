"""Django app configuration of the project package: its template tags and commands."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """App of the templates, static files and pages that belong to no single domain app."""

    name = "dgready"
    verbose_name = "dgready"
