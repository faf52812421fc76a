"""manage.py evidence links --province CODE --year YYYY: web addresses of a round without a copy of what they showed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import CommandError, OutputWrapper

from evidence.attaching.links import links_without_copy
from evidence.attaching.views.link_files import link_json, links_csv
from survey.models import Response

HELP: Final = "the web addresses of a round that stand as evidence without a copy of what they showed"


def add_arguments(parser: ArgumentParser) -> None:
    """Those of the verb."""
    parser.add_argument("--province", required=True, metavar="CODE", help="such as TH-43")
    parser.add_argument("--year", type=int, required=True, help="Buddhist era")
    parser.add_argument("--format", choices=["json", "csv"], default="csv")


def run(out: OutputWrapper, options: dict[str, Any]) -> None:
    """Prints the addresses of the province's answer and of all contributions; none is no fault."""
    rows = Response.objects.filter(round__province__code=options["province"], round__year=options["year"])
    responses = list(rows.select_related("agency", "round__province", "round__instrument").order_by("pk"))
    if not responses:
        raise CommandError(f"{options['province']} {options['year']}: no such round")
    found = links_without_copy(responses, "th")
    if options["format"] == "json":
        out.write(json.dumps([link_json(row) for row in found], ensure_ascii=False, indent=1))
        return
    out.write(links_csv(found).lstrip("\ufeff"), ending="")
