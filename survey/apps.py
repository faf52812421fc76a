"""Django application of the survey."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """What is asked, by whom, and what was answered."""

    name = "survey"
    default_auto_field = "django.db.models.BigAutoField"
