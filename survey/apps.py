"""Django app configuration of the survey."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """App of instruments, rounds, assignments, responses and their journal."""

    name = "survey"
    default_auto_field = "django.db.models.BigAutoField"
