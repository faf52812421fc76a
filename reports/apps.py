"""App configuration of reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers the app with Django."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
