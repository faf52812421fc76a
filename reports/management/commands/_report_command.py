"""The base of the commands that write a report to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dgready.disk import file_sha256
from reports.content.queries import gather_report
from reports.errors import ReportError
from reports.jobs.making.answers import write_report
from reports.models import ReportKind
from scoring.scheme.registry import FaultyScheme
from survey.models import Response


class ReportCommand(BaseCommand):
    """A command with one verb per kind of file; exit code 1 and plain words when it cannot be made."""

    verbs: dict[str, tuple[ReportKind, str]] = {}

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command per kind."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        for verb, (_kind, about) in self.verbs.items():
            self.add_place(sub, verb, about)

    @staticmethod
    def add_place(sub: Any, verb: str, about: str) -> ArgumentParser:
        """A sub-command that writes a file of a province's year."""
        verb_parser: ArgumentParser = sub.add_parser(verb, help=about)
        verb_parser.add_argument("--province", required=True, help="code, such as TH-43")
        verb_parser.add_argument("--year", type=int, required=True, help="Buddhist era")
        verb_parser.add_argument("--out", type=Path, required=True, help="the file to write")
        verb_parser.add_argument("--language", choices=["th", "en"], default="th")
        return verb_parser

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file. Raises CommandError."""
        kind, out = self.verbs[options["verb"]][0], options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"{out.parent} is not a folder")
        partial = out.with_name(out.name + ".part")
        try:
            write_report(
                kind, gather_report(self._response(options), options["language"]), partial, self._show_progress
            )
            partial.replace(out)
        except (ReportError, FaultyScheme, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        self.stdout.write(f"{out}  {out.stat().st_size} bytes  sha256 {file_sha256(out)}")

    def _response(self, options: dict[str, Any]) -> Response:
        rows = Response.objects.select_related("round__province", "round__instrument", "agency")
        code, year = options["province"], options["year"]
        response = rows.filter(round__province__code=code, round__year=year, agency=None).first()
        if response is None:
            raise CommandError(f"province {code} has no round of the year {year}")
        return response

    def _show_progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done * 100 // total:3d} %", ending="")
