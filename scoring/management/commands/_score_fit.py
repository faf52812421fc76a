"""`manage.py score fit`: fitting a scheme to the official result of one province, or of all together."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from scoring.engine import queries
from scoring.engine.as_json import format_decimal
from scoring.models import SchemeVersion
from scoring.results.actions import scheme_versions as schemes
from scoring.results.as_json import serialize_back_test, serialize_fit
from scoring.results.fit_queries import propose_fit, propose_joint_fit
from scoring.results.fitting.back_test import BackTest, run_back_test
from scoring.results.fitting.types import SchemeFit
from scoring.scheme.registry import LoadedScheme
from survey.models import Response

PART_NAMES = {"points": "", "edge": " edge", "weight": " weight"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A fit with the file it makes, how it is stored, and what is told beside it."""

    base: LoadedScheme
    text: str
    fit: SchemeFit
    store: Callable[[], SchemeVersion]
    more: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def add_fit_arguments(command: ArgumentParser) -> None:
    """The options of `score fit`."""
    command.add_argument("--province", default="", help="code, such as TH-43; without one all provinces together")
    command.add_argument("--year", type=int, required=True, help="Buddhist era")
    command.add_argument("--format", choices=["json", "text"], default="text")
    command.add_argument("--out", type=Path, help="write the fitted scheme to this file, for review")
    command.add_argument("--store", action="store_true", help="store it as the next version; rounds keep theirs")
    command.add_argument("--folds", type=int, help="leave only so many provinces out in turn; by default each")


def propose_province(response: Response) -> Proposed:
    """The fit to one province's result. Raises CommandError where none is entered."""
    proposal = propose_fit(response, queries.score_response(response).facts)
    if proposal is None:
        round_ = response.round
        raise CommandError(f"no official result of {round_.year} is entered for {round_.province.code}")

    def store() -> SchemeVersion:
        return schemes.create_scheme_version(by=None, response=response)

    return Proposed(proposal.base, proposal.text, proposal.fit, store)


def propose_year(options: Mapping[str, Any]) -> Proposed:
    """The fit to all provinces with an official result and an answer, and its back-test. Raises CommandError."""
    year = options["year"]
    proposal = propose_joint_fit(year)
    if proposal is None:
        raise CommandError(f"no official result or no round of {year} is there")
    found = proposal.found
    test = run_back_test(found.base.scheme, found.cases, options["folds"])
    more = {
        "provinces": [case.province for case in found.cases],
        "skipped": list(found.skipped),
        "back_test": serialize_back_test(test),
    }

    def store() -> SchemeVersion:
        return schemes.create_joint_version(by=None, year=year, checksum=proposal.checksum)

    lines = tuple(write_back_test_lines(test, len(found.cases)))
    return Proposed(found.base, proposal.text, proposal.fit, store, more, lines)


def tell_fit(options: Mapping[str, Any], proposed: Proposed, out: OutputWrapper) -> None:
    """Writes the file and stores the version where asked for, and tells the fit."""
    if options["out"]:
        options["out"].write_text(proposed.text, encoding="utf-8")
    stored = None
    if options["store"]:
        try:
            stored = proposed.store()
        except schemes.NothingToFit as error:
            raise CommandError("nothing to fit: no assumed step explains what differs") from error
    if options["format"] == "json":
        told = {**serialize_fit(proposed.fit), **proposed.more, "base": proposed.base.scheme.version}
        out.write(json.dumps({**told, "stored": str(stored or "")}, ensure_ascii=False, indent=1))
        return
    for line in (*write_fit_lines(proposed.fit), *proposed.lines):
        out.write(line)
    if stored:
        out.write(f"stored as {stored}")


def write_fit_lines(fit: SchemeFit) -> Iterator[str]:
    for one in fit.moves:
        place = f"{one.sub_pillar} {one.criterion} [{one.key}]" if one.criterion else one.sub_pillar
        yield f"{place}{PART_NAMES[one.part]}: {one.old} → {one.new}"
    tolerance = fit.tolerance or {}
    for code in fit.unfitted:
        off = f"; off by up to {format_decimal(tolerance[code])}" if tolerance.get(code) else ""
        yield f"{code}: no assumed step explains the official score{off}"
    for number in fit.open:
        if number.is_seen:
            place = f"{number.sub_pillar} {number.criterion} [{number.key}]{PART_NAMES[number.part]}"
            tied = ", all at the same cost" if number.is_tied else ""
            yield f"not determined: {place} {number.chosen}, anything from {number.low} to {number.high}{tied}"
    if unseen := sum(not number.is_seen for number in fit.open):
        yield f"not determined: {unseen} more that no province reaches"


def write_back_test_lines(test: BackTest, count: int) -> Iterator[str]:
    yield f"{count} provinces; mean error before, after, of provinces left out ({test.folds}):"
    for row in test.rows:
        left_out = format_decimal(row.left_out) or "-"
        yield f"  {row.code}: {format_decimal(row.before)}, {format_decimal(row.after)}, {left_out}"
