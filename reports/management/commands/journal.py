"""manage.py journal: proves all that is provable, anchors the chains outside the database, exports a version."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions.log_chain import link_account_events
from reports.management import journal_verbs
from reports.proof.files import FileCheck
from reports.proof.verify import ProofReport, verify_all


class Command(BaseCommand):
    """Verifies, anchors or exports; exit code 1 when there are faults."""

    help = "Prove every journal, frozen version and stored file; anchor the journals; export a version."

    def add_arguments(self, parser: CommandParser) -> None:
        """`journal verify [--fast] [--format json|text] [--language th|en]`, `journal anchor`, `journal export`."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        one = sub.add_parser("verify", help="replay all events and compare all rows, versions and files")
        one.add_argument("--fast", action="store_true", help="files by presence and size, not byte by byte")
        one.add_argument("--format", choices=["json", "text"], default="text")
        one.add_argument("--language", choices=["th", "en"], default="th", help="of the text")
        journal_verbs.add_verbs(sub)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the report; raises SystemExit(1) on faults."""
        if options["verb"] in journal_verbs.VERBS:
            journal_verbs.VERBS[options["verb"]](options, self.stdout)
            return
        link_account_events()
        report = verify_all(files=FileCheck.FAST if options["fast"] else FileCheck.FULL)
        if options["format"] == "json":
            self.stdout.write(json.dumps(report.json(), ensure_ascii=False))
        else:
            with translation.override(options["language"]):
                self._write_text(report, options["language"])
        if not report.ok:
            raise SystemExit(1)

    def _write_text(self, report: ProofReport, language: str) -> None:
        for fault in report.faults:
            self.stdout.write(f"{fault.text(language)} [{fault.code}]")
        if rows := sum(report.unproved.values()):
            kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.unproved.items()))
            words = {"count": rows, "kinds": kinds}
            self.stdout.write(_("พิสูจน์ไม่ได้ %(count)d ค่า เพราะเหตุการณ์รุ่นเก่าไม่ได้เล่าไว้: %(kinds)s") % words)
        counts = {"responses": report.responses, "events": report.events, "files": report.files}
        found = _("พบความผิดปกติ %(count)d รายการ") % {"count": len(report.faults)}
        outcome = _("ถูกต้องทั้งหมด") if report.ok else found
        told = _("ตรวจชุดคำตอบ %(responses)d ชุด เหตุการณ์ %(events)d รายการ ไฟล์ %(files)d ไฟล์") % counts
        self.stdout.write(f"{told}: {outcome}")
