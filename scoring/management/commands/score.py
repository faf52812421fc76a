"""manage.py score table|response|kpi|plan|fit|check: scores from the shell."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dgready.limits import read_text
from scoring.engine import queries
from scoring.engine.as_json import count, places, table_json, to_json
from scoring.engine.levels import TableError, score_agencies, score_table
from scoring.engine.recommendations import recommendations_for
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubScore
from scoring.kpi.as_json import kpi_ends, kpi_json
from scoring.kpi.queries import kpi_range
from scoring.planning import queries as planning
from scoring.planning.optimum.as_json import plan_json, target_json
from scoring.planning.optimum.plan import Plan, Target, Unplannable
from scoring.planning.optimum.plan import plan as make_plan
from scoring.results.actions import fitting as schemes
from scoring.results.as_json import fit_json
from scoring.results.fitting import fit_proposal
from scoring.results.queries import compared
from scoring.results.score_table_file import PROVINCE, read_tables
from scoring.scheme import registry
from scoring.scheme.check import check, check_weights
from scoring.scheme.load import parse
from survey.instrument.check import check as check_instrument
from survey.models import Response


class Command(BaseCommand):
    """Scores tables of published figures and stored responses; checks schemes."""

    help = "Score a table or a response, show the KPI, or check a scheme."

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command each."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        one = sub.add_parser("table", help="score a CSV (columns sub_pillar, score, perhaps agency)")
        one.add_argument("file", type=Path)
        one.add_argument("--framework", type=int, required=True, help="year, Buddhist era")
        verbs = (
            ("response", "the score of a province with reasons"),
            ("kpi", "its KPI now"),
            ("plan", "the least work that reaches a target"),
        )
        for name, what in verbs:
            one = sub.add_parser(name, help=what)
            one.add_argument("--province", required=True, help="code, such as TH-43")
            one.add_argument("--year", type=int, required=True, help="Buddhist era")
            one.add_argument("--format", choices=["json", "text"], default="text")
            if name == "plan":
                _plan_arguments(one)
        one = sub.add_parser("fit", help="fit the assumed steps to the official result of a province")
        one.add_argument("--province", required=True, help="code, such as TH-43")
        one.add_argument("--year", type=int, required=True, help="Buddhist era")
        one.add_argument("--format", choices=["json", "text"], default="text")
        one.add_argument("--out", type=Path, help="write the fitted scheme to this file, for review")
        one.add_argument("--store", action="store_true", help="store it as the next version; rounds keep theirs")
        one = sub.add_parser("check", help="list every fault of a scheme, with its place")
        one.add_argument("file", type=Path)
        one.add_argument("--instrument", type=Path, help="the instrument's file, to check against it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with what is wrong."""
        try:
            getattr(self, "do_" + options["verb"])(options)
        except (registry.MissingScheme, registry.FaultyScheme) as error:
            kind = "no scoring scheme for " if isinstance(error, registry.MissingScheme) else ""
            raise CommandError(f"{kind}{error}") from error
        except TableError as error:
            raise CommandError("\n".join(error.problems)) from error

    def do_table(self, options: dict[str, Any]) -> None:
        """`score table`."""
        scheme = registry.scheme_of_year(options["framework"]).scheme
        tables = read_tables(_text(options["file"]))
        if PROVINCE in tables:
            self._json(table_json(score_table(scheme, tables[PROVINCE])))
            return
        standing, agencies = score_agencies(scheme, tables)
        each = {name: table_json(one) for name, one in agencies.items()}
        self._json({**table_json(standing), "agencies": each})

    def do_response(self, options: dict[str, Any]) -> None:
        """`score response`."""
        found = queries.scored(_response(options))
        sheet = found.sheet
        if options["format"] == "json":
            self._json({**to_json(sheet, found.spread), "recommendations": _advice(sheet)})
            return
        low, high = places(found.spread.total.low), places(found.spread.total.high)
        self.stdout.write(f"range by what is not published: {low} to {high}")
        for line in _lines(sheet):
            self.stdout.write(line)

    def do_kpi(self, options: dict[str, Any]) -> None:
        """`score kpi`."""
        response = _response(options)
        province = response.round.province
        past = compared(province, options["year"])
        found = kpi_range(province, queries.scored(response), past)
        if found is None:
            raise CommandError(f"no KPI scheme judges the result of {options['year']}")
        standing = found.best
        if options["format"] == "json":
            self._json({**kpi_json(standing), **kpi_ends(found.low, standing, found.high)})
            return
        group = standing.group.name.th if standing.group else "-"
        self.stdout.write(f"{standing.name.th}: {group}, {places(standing.points)} / {places(standing.weight)}")
        for part in standing.parts:
            targets = " / ".join(str(count(t.needed)) for t in part.targets)
            self.stdout.write(f"  {part.name.th}: {count(part.now)} ({targets}) → {count(part.reading)}")

    def do_plan(self, options: dict[str, Any]) -> None:
        """`score plan`."""
        target = Target(options["target_total"], options["target_pillars"], options["target_kpi"], options["effort"])
        if target == Target():
            raise CommandError("name a target: --target-total, --target-pillars, --target-kpi or --effort")
        case = planning.case_of(_response(options), expected=dict(options["expect"] or ()))
        known = set(planning.numbers_to_expect(case))
        if wrong := sorted(set(case.expected) - known):
            asked = ", ".join(sorted(known)) or "nothing: the form has every number a plan needs"
            raise CommandError(f"--expect {', '.join(wrong)}: not a number that is missing; missing is {asked}")
        try:
            plan = make_plan(case, target)
        except Unplannable as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self._json(plan_json(plan, case.scheme))
            return
        for line in _plan_lines(plan):
            self.stdout.write(line)

    def do_fit(self, options: dict[str, Any]) -> None:
        """`score fit`."""
        response = _response(options)
        found = fit_proposal(response, queries.scored(response).facts)
        if found is None:
            raise CommandError(f"no official result of {options['year']} is entered for {options['province']}")
        if options["out"]:
            options["out"].write_text(found.text, encoding="utf-8")
        stored = None
        if options["store"]:
            try:
                stored = schemes.make(by=None, response=response)
            except schemes.NothingToFit as error:
                raise CommandError("nothing to fit: no assumed step explains what differs") from error
        if options["format"] == "json":
            self._json({**fit_json(found.fit), "base": found.base.scheme.version, "stored": str(stored or "")})
            return
        for move in found.fit.moves:
            self.stdout.write(f"{move.sub_pillar} {move.criterion} [{move.key}]: {move.old} → {move.new}")
        for code in found.fit.unfitted:
            self.stdout.write(f"{code}: no assumed step explains the official score")
        if stored:
            self.stdout.write(f"stored as {stored}")

    def do_check(self, options: dict[str, Any]) -> None:
        """`score check`."""
        scheme, faults = parse(_text(options["file"]))
        if scheme is not None and options["instrument"]:
            compiled, wrong = check_instrument(_text(options["instrument"]))
            if compiled is None:
                raise CommandError("\n".join(f"{options['instrument']}: {fault}" for fault in wrong))
            faults = check(scheme, compiled)
        elif scheme is not None:
            faults = check_weights(scheme)
        if faults:
            raise CommandError("\n".join(f"{options['file']}: {fault}" for fault in faults))
        self.stdout.write(f"{options['file']}: no faults")

    def _json(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))


def _plan_arguments(parser: ArgumentParser) -> None:
    one_of = parser.add_mutually_exclusive_group()
    one_of.add_argument("--target-total", type=_decimal, help="the total to reach")
    one_of.add_argument("--target-pillars", type=_whole, help="how many pillars at level 3 or higher")
    one_of.add_argument("--target-kpi", type=_reading, help="the KPI reading to reach: 50, 75 or 100")
    one_of.add_argument("--effort", type=_whole, help="at most so many person-days, for the most points")
    parser.add_argument(
        "--expect",
        type=_expected,
        action="append",
        metavar="ADDRESS=NUMBER",
        help="a number that is not answered yet, such as P4.2.count=12; may be given several times",
    )


def _plan_lines(plan: Plan) -> Iterator[str]:
    word = "does not reach the target"
    if plan.reached:
        word = "reaches the target" if plan.target.effort is None else f"within {plan.target.effort}"
    total = f"{places(plan.before.total)} → {places(plan.after.total)}"
    yield f"{total}, effort {plan.effort} person-days, {word}"
    if not plan.reached:
        best = target_json(plan.reachable) if plan.reachable else {}
        told = ", ".join(f"{key} {value}" for key, value in best.items())
        yield f"the best that can be reached: {told or 'no lower target either; this is the highest total'}"
    for action in plan.actions:
        yield f"  {action.sub.code} +{places(action.gain)} ({action.effort}): {action.text.th}"
    for one in plan.left_out:
        yield f"  not planned: {one.sub_pillar} {one.name.th}: {one.why.th}"


def _reading(text: str) -> Decimal:
    if text not in ("50", "75", "100"):
        raise ArgumentTypeError(f"{text} is not one of 50, 75, 100")
    return Decimal(text)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to 9999")
    return int(text)


def _expected(text: str) -> tuple[str, Decimal]:
    address, given, number = text.partition("=")
    if not given or not address:
        raise ArgumentTypeError(f"{text!r} is not ADDRESS=NUMBER")
    return address, Decimal(_whole(number))


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ArgumentTypeError(f"{text!r} is not a number") from error
    if not value.is_finite() or not 0 <= value <= 100:
        raise ArgumentTypeError(f"{text} is not between 0 and 100")
    return value


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error


def _response(options: dict[str, Any]) -> Response:
    rows = Response.objects.select_related("round__province", "round__instrument")
    found = rows.filter(agency=None, round__province__code=options["province"], round__year=options["year"]).first()
    if found is None:
        raise CommandError(f"{options['province']} has no round of {options['year']}")
    return found


def _advice(sheet: ScoreSheet) -> dict[str, list[dict[str, Any]]]:
    """Recommendations by sub-pillar."""
    found = {sub.code: [one.json() for one in recommendations_for(sheet, sub)] for sub in sheet.sub_pillars}
    return {code: some for code, some in found.items() if some}


def _lines(sheet: ScoreSheet) -> Iterator[str]:
    word = "estimated" if sheet.estimated else "final"
    yield f"{sheet.instrument} {sheet.year}: {places(sheet.total) or '-'} ({word}), level {sheet.level or '-'}"
    if sheet.unknown:
        known, low, high = places(sheet.known_weight), places(sheet.low), places(sheet.high)
        yield f"known: {known} % of the weight, so {low} to {high}; not entered: {', '.join(sheet.unknown)}"
    for pillar in sheet.pillars:
        weight, score = places(pillar.weight.value), places(pillar.score) or "-"
        yield f"{pillar.number} {pillar.name.th}: {score}, level {pillar.level or '-'}, weight {weight}"
        for sub in pillar.sub_pillars:
            yield from _sub(sub, "  ")


def _sub(sub: SubScore, pad: str) -> Iterator[str]:
    yield f"{pad}{sub.code} {sub.name.th}: {places(sub.score) or '-'}"
    for criterion in sub.criteria:
        yield from _criterion(criterion, pad + "  ")
    for part in sub.parts:
        yield from _sub(part, pad + "  ")


def _criterion(criterion: CriterionScore, pad: str) -> Iterator[str]:
    points = f"{places(criterion.points) or '-'}/{places(criterion.maximum)}"
    yield f"{pad}- {criterion.name.th}: {points} [{criterion.origin}]"
    yield f"{pad}  {criterion.reason.th}"
    if missing := [leaf.address for leaf in criterion.missing]:
        yield f"{pad}  missing: {', '.join(missing)}"
