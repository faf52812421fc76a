"""manage.py journal: verify every chain, answer and frozen version; anchor the chains; export a version."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.management import journal_verbs
from reports.proof.anchors import anchor_faults
from survey.verifying.report import JournalFault
from survey.verifying.verify import verify_journal


class Command(BaseCommand):
    """Verifies, anchors or exports; exit code 1 when there are faults."""

    help = "Prove the journal of every response and every frozen version; anchor it; export a version."

    def add_arguments(self, parser: CommandParser) -> None:
        """`journal verify|anchor [--format json|text]`, `journal export --province P --year Y --out FILE`."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        one = sub.add_parser("verify", help="check all hashes, links, answers and frozen versions")
        one.add_argument("--format", choices=["json", "text"], default="text")
        journal_verbs.add_verbs(sub)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the report; raises SystemExit(1) on faults."""
        if options["verb"] in journal_verbs.VERBS:
            journal_verbs.VERBS[options["verb"]](options, self.stdout)
            return
        report = verify_journal()
        anchored = anchor_faults()
        report.faults += [JournalFault(fault.response or 0, fault.seq, fault.message.en) for fault in anchored]
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
