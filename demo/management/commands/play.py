"""manage.py play: simulates a whole year of a province with made-up content, through the actions the pages use."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from demo.simulation import ActionCallbacks, CannotSimulate, simulate_year
from survey.approval.review import current_open_points, read_evidence_and_score
from survey.consolidating.actions import AdoptedEvidence
from survey.consolidating.merge_decision import MergeDecision
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views import evidence as consolidation_proofs
from survey.consolidating.views.evidence_selection import evidence_adopter


def _evidence_adopter(by: User, book: RoundConsolidation) -> Callable[[MergeDecision], AdoptedEvidence]:
    return evidence_adopter(by, book, consolidation_proofs.read_round_evidence(book))


class Command(BaseCommand):
    """Plays only where nobody has answered yet; the people and agencies it lacks it makes up, marked as samples."""

    help = "Play a whole year: assign, contribute, return, consolidate, endorse, approve."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which province and year, how many agencies, and the seed of what is made up."""
        parser.add_argument("--province", required=True, help="code, such as TH-43")
        parser.add_argument("--year", type=int, required=True, help="Buddhist era; its form must be published")
        parser.add_argument("--agencies", type=int, default=16, help="how many answer (16)")
        parser.add_argument("--seed", default="1", help="the same seed makes the same content (1)")
        parser.add_argument("--format", choices=["json", "text"], default="text")
        parser.add_argument("--fresh", action="store_true", help="throw away the round that was played there before")
        parser.add_argument("--sample", action="store_true", help="also in production: you know that it is made up")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with what keeps the simulation from beginning."""
        if settings.PRODUCTION and not options["sample"]:
            raise CommandError("this is production: --sample says that a made-up year is what you want")
        try:
            summary = simulate_year(
                province_code=options["province"],
                year=options["year"],
                agencies=options["agencies"],
                seed=options["seed"],
                fresh=options["fresh"],
                callbacks=ActionCallbacks(current_open_points, read_evidence_and_score, _evidence_adopter),
                print_line=lambda line: self.stderr.write(line, str),
            )
        except CannotSimulate as fault:
            raise CommandError(str(fault)) from fault
        if options["format"] == "json":
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        for name, value in summary.items():
            self.stdout.write(f"{name}: {_format_value(value)}")


def _format_value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    return str(value)
