"""manage.py national sample: the made-up nation whose answers have published figures. Refused in production."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from demo.national.building import NotEmpty
from demo.national.sample import CannotSample, ensure_own_form, read_published_year, sample_nation

HELP: Final = "build a made-up nation whose answers have the figures of a published table"


def add_arguments(parser: CommandParser) -> None:
    """The table and the seed."""
    parser.add_argument("--like", type=Path, required=True, help="table of figures, such as benchmarks/2567.csv")
    parser.add_argument("--seed", default="1", help="the same seed makes the same nation (1)")
    parser.add_argument("--year", type=int, help="of the form that is answered (that of the figures)")
    parser.add_argument("--format", choices=["json", "text"], default="text")


def handle(options: dict[str, Any]) -> str:
    """Raises CommandError with what keeps it from being built."""
    if settings.PRODUCTION:
        raise CommandError("this is production: a made-up nation is never built beside real provinces")
    try:
        ensure_own_form(options["like"])
        told = sample_nation(read_published_year(options["like"], options["year"]), options["seed"])
    except (CannotSample, NotEmpty) as fault:
        raise CommandError(str(fault)) from fault
    if options["format"] == "json":
        return json.dumps(told)
    return "\n".join(f"{name}: {value}" for name, value in told.items())
