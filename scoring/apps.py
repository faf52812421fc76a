"""App configuration of scoring."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Registers the app with Django."""

    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
