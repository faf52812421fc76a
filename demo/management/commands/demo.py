"""manage.py demo: the sample province of `make demo`."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.people import DEMO_PASSWORD, sample_memberships
from demo.province import build_sample_province, summarize_round
from demo.sample_file import load_sample


class Command(BaseCommand):
    """Idempotent: the second run finds everything there. Only with DGREADY_DEMO, for its password is known to all."""

    help = "Make the sample province: people, an open round, two thirds of the form, evidence."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--fresh` throws the sample province's round away first."""
        parser.add_argument("--fresh", action="store_true", help="make the sample round anew; its answers are lost")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError outside a demonstration."""
        if not settings.DEMO:
            raise CommandError("set DGREADY_DEMO=1: the sample users' password is printed on the sign-in page")
        started = monotonic()
        round_ = build_sample_province(data=load_sample(), fresh=options["fresh"], print_line=self.stdout.write)
        for line in summarize_round(round_):
            self.stdout.write(line)
        self.stdout.write(f"sample users, password {DEMO_PASSWORD}:")
        for post in sample_memberships():
            place = f" ({post.agency.code})" if post.agency else ""
            self.stdout.write(f"  {post.user.email:34}{post.role}{place}")
        self.stdout.write(f"done in {monotonic() - started:.1f} s")
