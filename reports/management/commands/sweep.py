"""manage.py sweep: deletes the files that killed processes left behind, as the nightly task does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.jobs.sweeping import sweep


class Command(BaseCommand):
    """Sweeps and says how much, by place; exit code 1 when the store did not answer."""

    help = "Delete temporary files, uploads and half-written papers that killed processes left behind."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the store did not answer."""
        run = sweep()
        fault = run.detail.pop("fault", "")
        self.stdout.write(", ".join(f"{place}: {count}" for place, count in run.detail.items()))
        if fault:
            raise CommandError(f"the store did not answer: {fault}")
