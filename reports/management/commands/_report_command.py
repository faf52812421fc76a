"""What the commands that write a paper to a file share."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.content.queries import gather_report
from reports.errors import ReportError
from reports.jobs.makers import write_report
from reports.jobs.store import file_sha256
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
            one = sub.add_parser(verb, help=about)
            one.add_argument("--province", required=True, help="code, such as TH-43")
            one.add_argument("--year", type=int, required=True, help="Buddhist era")
            one.add_argument("--out", type=Path, required=True, help="the file to write")
            one.add_argument("--language", choices=["th", "en"], default="th")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file. Raises CommandError."""
        kind, out = self.verbs[options["verb"]][0], options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"{out.parent} is not a folder")
        part = out.with_name(out.name + ".part")
        try:
            write_report(kind, gather_report(self._response(options), options["language"]), part, self._tell)
            part.replace(out)
        except (ReportError, FaultyScheme, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{out}  {out.stat().st_size} bytes  sha256 {file_sha256(out)}")

    def _response(self, options: dict[str, Any]) -> Response:
        rows = Response.objects.select_related("round__province", "round__instrument", "agency")
        code, year = options["province"], options["year"]
        found = rows.filter(round__province__code=code, round__year=year, agency=None).first()
        if found is None:
            raise CommandError(f"province {code} has no round of the year {year}")
        return found

    def _tell(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done * 100 // total:3d} %", ending="")
