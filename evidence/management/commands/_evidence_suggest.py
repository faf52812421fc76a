"""manage.py evidence suggest FILE --item ID: the passages of a file that may prove what a place asks for."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import CommandError, OutputWrapper

from evidence.management.commands._evidence_file import NOTES, add_file, read_file
from evidence.reading.place_terms import place_terms
from evidence.reading.suggesting import MOST, Suggestion, suggest
from survey.instrument.queries import compiled_instrument
from survey.models import Instrument

HELP: Final = "the passages of a file that may prove an answer, the likeliest first"


def add_arguments(parser: ArgumentParser) -> None:
    """Those of the verb."""
    add_file(parser)
    parser.add_argument("--item", required=True, metavar="ID", help="an item, or an evidence place as P1.4=done")
    parser.add_argument("--year", type=int, help="of the form; the newest published one unless given")
    parser.add_argument("--proof", default="", help="more words for what counts as proof")
    parser.add_argument("--most", type=int, default=MOST, help="suggestions printed")


def run(out: OutputWrapper, options: dict[str, Any]) -> None:
    """Prints the suggestions; none is no fault."""
    place = place_terms(compiled_instrument(_instrument(options["year"])), options["item"], proof=options["proof"])
    if place is None:
        raise CommandError(f"{options['item']}: no such item or evidence place in this form")
    kind, document = read_file(options["file"], by_picture=not options["no_pictures"])
    found = suggest(place, [document], options["most"])
    if options["format"] == "json":
        told = {
            "item": options["item"],
            "option": place.option,
            "question": place.question,
            "kind": kind,
            "pages": len(document.pages),
            "note": NOTES[document.note],
            "suggestions": [suggestion_json(each) for each in found],
        }
        out.write(json.dumps(told, ensure_ascii=False, indent=1))
        return
    out.write(f"{options['item']}: {place.option}")
    for number, each in enumerate(found, start=1):
        out.write(f"{number}. page {each.page}, {each.score:.2f}: {each.quote}")
        out.write("   " + "; ".join(reason.en for reason in each.reasons))
    if not found:
        out.write("nothing found")
    if NOTES[document.note]:
        out.write(f"-- {NOTES[document.note]}")


def _instrument(year: int | None) -> Instrument:
    rows = Instrument.objects.filter(published_at__isnull=False).order_by("-year", "-version")
    row = (rows.filter(year=year) if year else rows).first()
    if row is None:
        raise CommandError(f"no form of {year} is published" if year else "no form is published")
    return row


def suggestion_json(found: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON carries it; rectangles are [left, top, right, bottom] in parts of the page."""
    return {
        "page": found.page,
        "quote": found.quote,
        "score": found.score,
        "rectangles": [[each.left, each.top, each.right, each.bottom] for each in found.rectangles],
        "reasons": {
            "th": [reason.th for reason in found.reasons],
            "en": [reason.en for reason in found.reasons],
        },
    }
