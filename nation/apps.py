"""App configuration of nation."""

from django.apps import AppConfig


class NationConfig(AppConfig):
    """Registers the app with Django."""

    name = "nation"
    default_auto_field = "django.db.models.BigAutoField"
