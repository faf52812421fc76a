"""The frame as a Django app: its template tags, checks and commands."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """Templates, static files and pages that belong to no single domain."""

    name = "dgready"
    verbose_name = "dgready"
