"""manage.py load_results: published results and national figures from fixtures (or the files named)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nation.replies.queries import list_contested_years
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.files import import_table
from scoring.results.actions.tables import ImportOutcome
from scoring.results.table_files import read_table_file
from scoring.scheme.registry import FIXTURES


class Command(BaseCommand):
    """Loads published results and national figures; running it again changes nothing."""

    help = "Load published results and national figures from CSV or Excel files."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        help_text = "by default all of fixtures/results and fixtures/benchmarks"
        parser.add_argument("files", nargs="*", type=Path, help=help_text)
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with every fault of a file; files before it are stored."""
        fixture_files = [
            path for folder in ("results", "benchmarks") for path in sorted((FIXTURES / folder).glob("*.csv"))
        ]
        told = []
        for path in options["files"] or fixture_files:
            outcome = _import_file(path, not options["dry_run"])
            name = f"{path.parent.name}/{path.name}"
            if options["format"] == "json":
                told.append({"file": name, "stored": not options["dry_run"], **_serialize(outcome)})
                continue
            self.stdout.write(f"{name}: {outcome.added} added, {outcome.changed} changed, {outcome.same} as before")
            for text in outcome.warnings:
                self.stderr.write(f"{name}: warning: {text.en}")
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))


def _import_file(path: Path, store: bool) -> ImportOutcome:
    try:
        with path.open("rb") as file:
            table = read_table_file(file)
            return import_table(table=table, store=store, name=path.name, kept_years=list_contested_years())
    except OSError as error:
        raise CommandError(f"{path}: {error}") from error
    except TableRejected as rejected:
        raise CommandError("\n".join(f"{path}: {fault}" for fault in rejected.faults)) from rejected


def _serialize(outcome: ImportOutcome) -> dict[str, Any]:
    changes = [{"figure": c.what, "before": c.before or None, "after": c.after} for c in outcome.changes]
    counts = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    return {**counts, "changes": changes, "warnings": [text.en for text in outcome.warnings]}
