"""App configuration of evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Registers the app with Django."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
