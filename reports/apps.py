"""App configuration of reports."""

from django.apps import AppConfig

from dgready.reported_parts import report_parts


class ReportsConfig(AppConfig):
    """Registers the app with Django."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lets /readyz tell the state of worker, queues, disks and nightly work."""
        from reports.system.state import system_levels  # reads models, which there are only now

        report_parts(system_levels)
