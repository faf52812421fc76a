"""manage.py accounts: writes out the security log."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from accounts.security_log.kinds import EventKind
from accounts.security_log.queries import LogFilter, list_security_events
from accounts.security_log.rows import COLUMNS, export_rows, plain_value
from dgready.sheets.formulas import csv_text


class Command(BaseCommand):
    """The whole log from a day on, for another system or for safe keeping; the page's files end at some rows."""

    help = "Write out the security log of all places, the newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        """`accounts log [--since D] [--until D] [--kind K] [--format json|csv] [--language th|en]`."""
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        one = verbs.add_parser("log", help="the security log: sign-ins, refusals, roles, exports")
        one.add_argument("--since", type=_day, required=True, help="the first day, such as 2026-01-31")
        one.add_argument("--until", type=_day, help="the last day")
        one.add_argument("--kind", choices=[kind.value for kind in EventKind], help="one kind of event")
        one.add_argument("--format", choices=["json", "csv"], default="json", help="json: one object on each line")
        one.add_argument("--language", choices=["th", "en"], default="th", help="of the names of events")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the rows."""
        kind = EventKind(options["kind"]) if options["kind"] else None
        wanted = LogFilter(kind=kind, since=options["since"], until=options["until"])
        with translation.override(options["language"]):
            rows = export_rows(list_security_events(None, wanted))
            self._write_csv(rows) if options["format"] == "csv" else self._write_json(rows)

    def _write_json(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            self.stdout.write(json.dumps(row, ensure_ascii=False, default=plain_value))

    def _write_csv(self, rows: Iterable[dict[str, Any]]) -> None:
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow([key for key, _label, _width in COLUMNS])
        table.writerows([csv_text(plain_value(value)) for value in row.values()] for row in rows)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day: write it as YYYY-MM-DD") from error
