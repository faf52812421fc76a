"""Django app configuration of the survey."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """App of instruments, rounds, assignments, responses and their journal."""

    name = "survey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is kept of answers names people: it is made anew when one of them is renamed."""
        # Models are not there before the apps are.
        from accounts.actions.people import renamed
        from survey.answering.retelling import retell_names

        renamed.connect(retell_names, dispatch_uid="survey.retell_names")
