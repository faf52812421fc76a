"""`manage.py instrument move`: moves rounds to another published version of their form, or shows what would change."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.utils import translation

from accounts.actions import NotAllowed, RefusedError
from accounts.models import User
from scoring.moving.actions import move_round
from scoring.moving.as_json import preview_json, preview_lines
from scoring.moving.preview import other_versions, preview_move
from survey.models import Instrument, Round

Write = Callable[[str], Any]


def add_move_arguments(parser: ArgumentParser) -> None:
    """The options of `instrument move`."""
    parser.add_argument("--province", required=True, help="code of the province, or all")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--to", type=int, required=True, help="number of the published version")
    parser.add_argument("--by", help="e-mail of the person in whose name it moves; needed without --dry-run")
    parser.add_argument("--form-scheme", action="store_true", help="score by the version's own scheme from now on")
    parser.add_argument("--dry-run", action="store_true", help="say what would change; change nothing")
    parser.add_argument("--format", choices=["json", "text"], default="text")


def run_move(options: dict[str, Any], out: Write, progress: Write) -> None:
    """Moves the rounds one after the other, each in its own transaction. Raises CommandError if one was refused."""
    by = _find_person(options)
    rounds = _find_rounds(options["province"], options["year"])
    told, refused = [], 0
    for number, round_ in enumerate(rounds, start=1):
        with translation.override("en"):
            shown, target = _shown(round_, options)
        if by is not None and target is not None:
            shown["refusal"] = _move(by, round_, target, options)
        refused += bool(shown["refusal"])
        told.append({name: value for name, value in shown.items() if name != "lines"})
        if options["format"] == "text":
            for line in shown["lines"]:
                out(line)
            if by is not None:
                out(f"  not moved: {shown['refusal']}" if shown["refusal"] else "  moved")
        progress(f"{number}/{len(rounds)} {round_.province.code}")
    if options["format"] == "json":
        out(json.dumps(told, ensure_ascii=False, indent=1))
    elif by is None:
        out("nothing was changed")
    if refused and by is not None:
        raise CommandError(f"{refused} round(s) not moved")


def _shown(round_: Round, options: dict[str, Any]) -> tuple[dict[str, Any], Instrument | None]:
    """What moving a round would change, as printed; the version, None where the round does not move to it."""
    target = next((row for row in other_versions(round_) if row.version == options["to"]), None)
    if target is None:
        present = round_.instrument.version == options["to"]
        refusal = "uses this version already" if present else f"has no published version {options['to']}"
        where = {"province": round_.province.code, "year": round_.year}
        return {**where, "refusal": refusal, "lines": [f"{round_.province.code} {round_.year}: {refusal}"]}, None
    preview = preview_move(round_, target, keep_scheme=not options["form_scheme"])
    return {**preview_json(preview), "lines": list(preview_lines(preview))}, target


def _move(by: User, round_: Round, target: Instrument, options: dict[str, Any]) -> str:
    try:
        move_round(by=by, round_=round_, target=target, keep_scheme=not options["form_scheme"])
    except RefusedError as error:
        return str(error)
    except NotAllowed:
        return f"{by.email} may not manage rounds there"
    return ""


def _find_person(options: dict[str, Any]) -> User | None:
    if options["dry_run"]:
        return None
    found = User.objects.filter(email__iexact=options["by"] or "", is_active=True).first()
    if found is None:
        raise CommandError("--by needs the e-mail of a person with an account (or use --dry-run)")
    return found


def _find_rounds(province: str, year: int) -> list[Round]:
    rows = Round.objects.filter(year=year).select_related("instrument", "province").defer("instrument__source")
    if province != "all":
        rows = rows.filter(province__code=province)
    rounds = list(rows.order_by("province__code"))
    if not rounds:
        raise CommandError(f"no round of {year} is open in {province}")
    return rounds
