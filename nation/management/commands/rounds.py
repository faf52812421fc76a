"""manage.py rounds open: a round of the year's newest published form for many provinces at once."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Province
from dgready.date_inputs import end_of_day
from dgready.typed.dates import read_date
from dgready.typed.result import Understood
from nation.bulk.planning import StepPlan, default_end, plan_open, spread_dates
from nation.bulk.plans import opening_facts
from nation.bulk.queries import read_standings
from nation.bulk.steps import open_in_province
from nation.bulk.words import REASONS
from survey.rounds.actions import RoundAlreadyOpen

ALL = "all"


class Command(BaseCommand):
    """Opens rounds; a province that has one, or whose code is unknown, is told with its reason and left out."""

    help = "Open a round of a year for many provinces."

    def add_arguments(self, parser: CommandParser) -> None:
        """The verb and its options."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        opening = verbs.add_parser("open", help="open a round of the year's newest published form")
        opening.add_argument("--year", type=int, required=True, help="Buddhist era")
        opening.add_argument("--provinces", default=ALL, help="all, or codes with commas between: TH-43,TH-41")
        opening.add_argument("--closes", help="last day of approval, e.g. 31/7/2569 or 2026-07-31")
        opening.add_argument("--dry-run", action="store_true", help="only say what would be done")
        opening.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a year without a published form, or a day that is none or has passed."""
        today = timezone.localdate()
        closes = _read_closes(options["closes"], today)
        facts = opening_facts(options["year"], _dates(today, closes))
        if facts is None:
            raise CommandError(f"{options['year']}: {REASONS['no_form']}")
        wanted = None if options["provinces"].strip().casefold() == ALL else _read_codes(options["provinces"])
        plans = plan_open(read_standings(options["year"], wanted), facts)
        known = {plan.code for plan in plans}
        skipped = [(code, "unknown") for code in wanted or () if code not in known]
        skipped += [(plan.code, plan.reason) for plan in plans if plan.reason]
        opened = []
        for plan in (plan for plan in plans if not plan.reason):
            if options["dry_run"] or _open(plan):
                opened.append(plan.code)
            else:
                skipped.append((plan.code, "open"))
        told = {
            "year": options["year"],
            "closes": closes.isoformat(),
            "opened": opened,
            "skipped": [{"province": code, "reason": str(REASONS[reason]), "code": reason} for code, reason in skipped],
            "dry_run": options["dry_run"],
        }
        self._tell(told, options["format"])

    def _tell(self, told: dict[str, Any], style: str) -> None:
        if style == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        said = "would open" if told["dry_run"] else "opened"
        self.stdout.write(f"{told['year']}: {said} {len(told['opened'])}, closes {told['closes']}")
        for one in told["skipped"]:
            self.stdout.write(f"{one['province']}: {one['reason']}")


def _read_closes(text: str | None, today: date) -> date:
    """The last day as typed, or the usual one."""
    if text is None:
        return default_end(today)
    result = read_date(text, near=today)
    if not isinstance(result, Understood):
        raise CommandError(f"--closes {text}: {result.reason.th if result else 'ไม่มีวันที่'}")
    if result.value < today:
        raise CommandError(f"--closes {text}: {REASONS['past']}")
    return result.value


def _read_codes(text: str) -> list[str]:
    codes = [code.strip().upper() for code in text.replace(" ", ",").split(",") if code.strip()]
    if not codes:
        raise CommandError("--provinces: no code")
    return list(dict.fromkeys(codes))


def _dates(opens: date, closes: date) -> dict[str, str]:
    days = {name: day.isoformat() for name, day in spread_dates(opens, closes).items()}
    return {**days, "closes_at": end_of_day(closes).isoformat()}


def _open(plan: StepPlan) -> bool:
    """Opens one province's round, by the command line; False where somebody was faster."""
    province = Province.objects.get(pk=plan.province)
    try:
        open_in_province(by=None, province=province, planned=plan.after)
    except RoundAlreadyOpen:
        return False
    return True
