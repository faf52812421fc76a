"""manage.py journal verify: verifies every chain of events, every answer and every frozen version."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from survey.verifying.verify import verify_journal


class Command(BaseCommand):
    """Verifies the journal; exit code 1 when there are faults."""

    help = "Prove the journal of every response and every frozen version."

    def add_arguments(self, parser: CommandParser) -> None:
        """`journal verify [--format json|text]`."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        one = sub.add_parser("verify", help="check all hashes, links, answers and frozen versions")
        one.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the report; raises SystemExit(1) on faults."""
        report = verify_journal()
        if options["format"] == "json":
            self.stdout.write(json.dumps(report.json(), ensure_ascii=False))
        else:
            for fault in report.faults:
                at = f" event {fault.seq}" if fault.seq else ""
                self.stdout.write(f"response {fault.response}{at}: {fault.message}")
            words = "ok" if report.ok else f"{len(report.faults)} fault(s)"
            self.stdout.write(f"{report.responses} responses, {report.events} events: {words}")
        if not report.ok:
            raise SystemExit(1)
