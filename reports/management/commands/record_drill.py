"""manage.py record_drill: keeps the outcome of a drill among the runs of this installation; `make drill` calls it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils.dateparse import parse_datetime

from reports.system.runs import RunKind, record_run


class Command(BaseCommand):
    """Records one run; exit code 1 where there is no database to record it in."""

    help = "Record the outcome of a drill, so that the page of the state shows it."
    requires_system_checks = []  # whatever they would say, the drill is over

    def add_arguments(self, parser: CommandParser) -> None:
        """`--started TIME --faults NUMBER [--figures JSON]`."""
        parser.add_argument("--started", required=True, type=_moment, help="with its time zone")
        parser.add_argument("--faults", required=True, type=int, help="differences that were found")
        parser.add_argument("--figures", default={}, type=_figures, help="what was measured, as a JSON object")

    def handle(self, *args: Any, started: datetime, faults: int, figures: dict[str, Any], **options: Any) -> None:
        """Raises CommandError where it cannot be recorded."""
        name = str(connection.settings_dict["NAME"])
        # SQLite would make the file, and the next start would take it for an installation.
        if connection.vendor == "sqlite" and not connection.is_in_memory_db() and not Path(name).exists():  # type: ignore[attr-defined]
            raise CommandError(f"not recorded: {name} is not there")
        try:
            run = record_run(kind=RunKind.DRILL, started=started, ok=not faults, detail={"faults": faults, **figures})
        except DatabaseError as error:
            raise CommandError(f"not recorded: {error}") from error
        self.stdout.write(f"recorded: {run.kind} of {run.started_at:%Y-%m-%d %H:%M}, {faults} difference(s)")


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _figures(text: str) -> dict[str, Any]:
    """Numbers and short texts by their names."""
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError(text)
    return {str(key)[:100]: str(value)[:100] for key, value in data.items()}
