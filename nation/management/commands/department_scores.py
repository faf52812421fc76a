"""manage.py department_scores FILE: enters the scores of a department's table in all provinces it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.log import NotAllowed
from accounts.models import Province, User
from dgready.language import localize_text
from dgready.limits import read_limited
from nation.bulk import actions
from nation.bulk.queries import read_steps
from nation.bulk.score_planning import choice_key
from nation.bulk.score_reading import read_score_table
from nation.bulk.words import REASONS
from nation.models import BulkAct, BulkStep

ALL = "all"


class Command(BaseCommand):
    """The same preview and the same act as on the centre's page, so that it can be undone there."""

    help = "Enter the scores of a department's table (Excel or CSV) for all provinces at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and its options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True, help="Buddhist era")
        parser.add_argument("--department", required=True, help="code of the department, e.g. D-CGD")
        parser.add_argument("--by", required=True, help="e-mail of the central administrator who enters them")
        parser.add_argument(
            "--replace", default="", help='own scores of provinces to replace: all, or "TH-43 3.3" with commas between'
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown person or department, and for every wrong row of the file."""
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        department = Province.objects.departments().filter(code=options["department"]).first()
        if by is None or department is None:
            raise CommandError("--by needs the e-mail of a person with an account, --department a code of the list")
        act = self._draft(by, department, options)
        if not options["dry_run"]:
            actions.start_act(by=by, act=act, digest=act.digest)
            actions.run_act(act.pk)  # whoever waits at a terminal sees the outcome
        self._tell(act, read_steps(act), options)
        if options["dry_run"]:
            act.delete()

    def _draft(self, by: User, department: Province, options: dict[str, Any]) -> BulkAct:
        try:
            with options["file"].open("rb") as file:
                read = read_score_table(read_limited(file, settings.WORKBOOK_LIMITS.size), options["year"])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        if read.faults:
            faults = [f"{fault.ref}: {localize_text(fault.say)}" for fault in read.faults]
            raise CommandError("\n".join([*faults, f"{len(faults)} fault(s)"]))
        params = {
            "file": options["file"].name[:200],
            "department": department.code,
            "chosen": _chosen(options["replace"], read.scores),
        }
        given = {code: {"rows": [one.packed() for one in rows]} for code, rows in read.scores.items()}
        try:
            return actions.draft_act(
                by=by, kind=BulkAct.Kind.SCORES, year=options["year"], codes=list(given), params=params, given=given
            )
        except NotAllowed as refused:
            raise CommandError(f"{by.email} may not enter scores of all provinces") from refused

    def _tell(self, act: BulkAct, steps: list[BulkStep], options: dict[str, Any]) -> None:
        rows = [
            {
                "province": step.province.code,
                "state": step.state,
                "reason": step.said or str(REASONS.get(step.reason, "")),
                "before": step.before.get("figures", []),
                "after": step.after.get("figures", []),
                "conflicts": step.after.get("conflicts", []),
            }
            for step in steps
        ]
        if options["format"] == "json":
            told = {"year": act.year, "department": options["department"], "dry_run": options["dry_run"], "rows": rows}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        for row in rows:
            scores = ", ".join(f"{one['sub_pillar']} = {one['score']}" for one in row["after"])
            self.stdout.write(f"{row['province']}: {row['state']} {scores} {row['reason']}".rstrip())


def _chosen(text: str, scores: dict[str, Any]) -> list[str]:
    if text.strip().casefold() == ALL:
        return [choice_key(code, one.sub_pillar) for code, rows in scores.items() for one in rows]
    return [key.strip() for key in text.split(",") if key.strip()]
