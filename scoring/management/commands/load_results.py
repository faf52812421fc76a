"""manage.py load_results: published results from fixtures/results (or the files named) into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.actions import results
from scoring.registry import FIXTURES


class Command(BaseCommand):
    """Loads published results; running it again changes nothing."""

    help = "Load published results from CSV files."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        parser.add_argument("files", nargs="*", type=Path, help="by default all of fixtures/results")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with every fault of a file."""
        for path in options["files"] or sorted((FIXTURES / "results").glob("*.csv")):
            try:
                done = results.load(text=path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path}: {error}") from error
            except results.Rejected as rejected:
                raise CommandError("\n".join(f"{path}: {fault}" for fault in rejected.faults)) from rejected
            self.stdout.write(f"{path.name}: {done.added} added, {done.changed} changed, {done.same} as before")
