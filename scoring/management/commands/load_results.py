"""manage.py load_results: published results and national figures from fixtures (or the files named)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.results.actions import benchmarks
from scoring.results.actions import official as results
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.tables import ImportOutcome
from scoring.results.table_files import read_table_file
from scoring.scheme.registry import FIXTURES


class Command(BaseCommand):
    """Loads published results and national figures; running it again changes nothing."""

    help = "Load published results and national figures from CSV files."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        help_text = "by default all of fixtures/results and fixtures/benchmarks"
        parser.add_argument("files", nargs="*", type=Path, help=help_text)
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with every fault of a file."""
        fixture_files = [
            path for folder in ("results", "benchmarks") for path in sorted((FIXTURES / folder).glob("*.csv"))
        ]
        for path in options["files"] or fixture_files:
            try:
                outcome = _import_file(path, not options["dry_run"])
            except OSError as error:
                raise CommandError(f"{path}: {error}") from error
            except TableRejected as rejected:
                raise CommandError("\n".join(f"{path}: {fault}" for fault in rejected.faults)) from rejected
            name = f"{path.parent.name}/{path.name}"
            self.stdout.write(f"{name}: {outcome.added} added, {outcome.changed} changed, {outcome.same} as before")


def _import_file(path: Path, store: bool) -> ImportOutcome:
    with path.open("rb") as file:
        table, name = read_table_file(file), path.name
    if benchmarks.is_benchmark_table(table):
        return benchmarks.import_benchmarks(table=table, store=store, name=name)
    return results.import_official_results(table=table, store=store, name=name)
