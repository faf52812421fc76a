"""App configuration of reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers the app with Django, and its tasks with the queue."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A web process must know the tasks it sends, not only the worker."""
        from reports import tasks  # noqa: F401
