"""manage.py aggregates rebuild: the kept figures of all provinces, counted anew or compared with a count."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nation.agency_rounds.counting import count_agencies, find_agency_differences
from nation.figures.actions import count_year, find_differences
from nation.figures.queries import years_with_rounds


class Command(BaseCommand):
    """Counts the figures of every provincial answer; `--check` only compares."""

    help = "Count the kept figures of all provinces anew, or compare them with a count."

    def add_arguments(self, parser: CommandParser) -> None:
        """The verb and its options."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        rebuild = verbs.add_parser("rebuild", help="count all figures anew")
        rebuild.add_argument("--year", type=int, help="only this year (Buddhist era)")
        rebuild.add_argument("--check", action="store_true", help="change nothing; fail where a kept figure is wrong")
        rebuild.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where figures differ or an answer could not be counted."""
        years = [options["year"]] if options["year"] else years_with_rounds()
        told = [_check(year) if options["check"] else _rebuild(year) for year in years]
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for one in told:
                self.stdout.write(" ".join(f"{name}={value}" for name, value in one.items() if value != []))
        if any(one.get("differences") or one.get("failed") for one in told):
            raise CommandError("some figures are not what a count says")


def _rebuild(year: int) -> dict[str, Any]:
    outcome, agencies = count_year(year, everything=True), count_agencies(year, everything=True)
    failed = [*outcome.failed, *agencies.failed]
    return {"year": year, "counted": outcome.counted + agencies.counted, "failed": failed}


def _check(year: int) -> dict[str, Any]:
    return {"year": year, "differences": [*find_differences(year), *find_agency_differences(year)]}
