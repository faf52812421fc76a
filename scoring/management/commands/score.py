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
from scoring.engine.as_json import format_decimal, format_quantity, serialize_aggregate_score, serialize_score_sheet
from scoring.engine.levels import ScoreTableError, score_agencies, score_table
from scoring.engine.recommendations import list_recommendations
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.kpi.as_json import serialize_kpi, serialize_kpi_range
from scoring.kpi.queries import evaluate_kpi_range
from scoring.planning import queries as planning
from scoring.planning.optimum.as_json import serialize_plan, serialize_target
from scoring.planning.optimum.plan import PlanNotPossible, PlanProposal, PlanTarget
from scoring.planning.optimum.plan import propose_plan as make_plan
from scoring.results.actions import scheme_versions as schemes
from scoring.results.as_json import serialize_fit
from scoring.results.fit_queries import propose_fit
from scoring.results.queries import list_results_before
from scoring.results.score_table_file import WHOLE_PROVINCE, parse_score_tables
from scoring.scheme import registry
from scoring.scheme.check import check_scheme, check_weights
from scoring.scheme.load import parse_scheme
from survey.instrument.check import check_instrument as check_instrument
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
                _add_plan_arguments(one)
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
        except ScoreTableError as error:
            raise CommandError("\n".join(error.problems)) from error

    def do_table(self, options: dict[str, Any]) -> None:
        """`score table`."""
        scheme = registry.get_scheme_by_year(options["framework"]).scheme
        tables = parse_score_tables(_read_text(options["file"]))
        if WHOLE_PROVINCE in tables:
            self._json(serialize_aggregate_score(score_table(scheme, tables[WHOLE_PROVINCE])))
            return
        standing, agencies = score_agencies(scheme, tables)
        each = {name: serialize_aggregate_score(one) for name, one in agencies.items()}
        self._json({**serialize_aggregate_score(standing), "agencies": each})

    def do_response(self, options: dict[str, Any]) -> None:
        """`score response`."""
        found = queries.score_response(_get_response(options))
        sheet = found.sheet
        if options["format"] == "json":
            self._json({**serialize_score_sheet(sheet, found.spread), "recommendations": _list_recommendations(sheet)})
            return
        low, high = format_decimal(found.spread.total.low), format_decimal(found.spread.total.high)
        self.stdout.write(f"range by what is not published: {low} to {high}")
        for line in _sheet_lines(sheet):
            self.stdout.write(line)

    def do_kpi(self, options: dict[str, Any]) -> None:
        """`score kpi`."""
        response = _get_response(options)
        province = response.round.province
        past = list_results_before(province, options["year"])
        found = evaluate_kpi_range(province, queries.score_response(response), past)
        if found is None:
            raise CommandError(f"no KPI scheme judges the result of {options['year']}")
        standing = found.best
        if options["format"] == "json":
            self._json({**serialize_kpi(standing), **serialize_kpi_range(found.low, standing, found.high)})
            return
        group = standing.group.name.th if standing.group else "-"
        self.stdout.write(
            f"{standing.name.th}: {group}, {format_decimal(standing.points)} / {format_decimal(standing.weight)}"
        )
        for part in standing.parts:
            targets = " / ".join(str(format_quantity(t.needed)) for t in part.targets)
            self.stdout.write(
                f"  {part.name.th}: {format_quantity(part.now)} ({targets}) → {format_quantity(part.reading)}"
            )

    def do_plan(self, options: dict[str, Any]) -> None:
        """`score plan`."""
        target = PlanTarget(
            options["target_total"], options["target_pillars"], options["target_kpi"], options["effort"]
        )
        if target == PlanTarget():
            raise CommandError("name a target: --target-total, --target-pillars, --target-kpi or --effort")
        case = planning.build_planning_case(_get_response(options), expected=dict(options["expect"] or ()))
        known = set(planning.list_missing_numbers(case))
        if wrong := sorted(set(case.expected) - known):
            asked = ", ".join(sorted(known)) or "nothing: the form has every number a plan needs"
            raise CommandError(f"--expect {', '.join(wrong)}: not a number that is missing; missing is {asked}")
        try:
            plan = make_plan(case, target)
        except PlanNotPossible as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self._json(serialize_plan(plan, case.scheme))
            return
        for line in _plan_lines(plan):
            self.stdout.write(line)

    def do_fit(self, options: dict[str, Any]) -> None:
        """`score fit`."""
        response = _get_response(options)
        found = propose_fit(response, queries.score_response(response).facts)
        if found is None:
            raise CommandError(f"no official result of {options['year']} is entered for {options['province']}")
        if options["out"]:
            options["out"].write_text(found.text, encoding="utf-8")
        stored = None
        if options["store"]:
            try:
                stored = schemes.create_scheme_version(by=None, response=response)
            except schemes.NothingToFit as error:
                raise CommandError("nothing to fit: no assumed step explains what differs") from error
        if options["format"] == "json":
            self._json({**serialize_fit(found.fit), "base": found.base.scheme.version, "stored": str(stored or "")})
            return
        for move in found.fit.moves:
            self.stdout.write(f"{move.sub_pillar} {move.criterion} [{move.key}]: {move.old} → {move.new}")
        for code in found.fit.unfitted:
            self.stdout.write(f"{code}: no assumed step explains the official score")
        if stored:
            self.stdout.write(f"stored as {stored}")

    def do_check(self, options: dict[str, Any]) -> None:
        """`score check`."""
        scheme, faults = parse_scheme(_read_text(options["file"]))
        if scheme is not None and options["instrument"]:
            compiled, wrong = check_instrument(_read_text(options["instrument"]))
            if compiled is None:
                raise CommandError("\n".join(f"{options['instrument']}: {fault}" for fault in wrong))
            faults = check_scheme(scheme, compiled)
        elif scheme is not None:
            faults = check_weights(scheme)
        if faults:
            raise CommandError("\n".join(f"{options['file']}: {fault}" for fault in faults))
        self.stdout.write(f"{options['file']}: no faults")

    def _json(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))


def _add_plan_arguments(parser: ArgumentParser) -> None:
    one_of = parser.add_mutually_exclusive_group()
    one_of.add_argument("--target-total", type=_parse_decimal, help="the total to reach")
    one_of.add_argument("--target-pillars", type=_parse_whole, help="how many pillars at level 3 or higher")
    one_of.add_argument("--target-kpi", type=_parse_kpi_reading, help="the KPI reading to reach: 50, 75 or 100")
    one_of.add_argument("--effort", type=_parse_whole, help="at most so many person-days, for the most points")
    parser.add_argument(
        "--expect",
        type=_parse_expected_number,
        action="append",
        metavar="ADDRESS=NUMBER",
        help="a number that is not answered yet, such as P4.2.count=12; may be given several times",
    )


def _plan_lines(plan: PlanProposal) -> Iterator[str]:
    word = "does not reach the target"
    if plan.reached:
        word = "reaches the target" if plan.target.effort is None else f"within {plan.target.effort}"
    total = f"{format_decimal(plan.before.total)} → {format_decimal(plan.after.total)}"
    yield f"{total}, effort {plan.effort} person-days, {word}"
    if not plan.reached:
        best = serialize_target(plan.reachable) if plan.reachable else {}
        told = ", ".join(f"{key} {value}" for key, value in best.items())
        yield f"the best that can be reached: {told or 'no lower target either; this is the highest total'}"
    for action in plan.actions:
        yield f"  {action.sub.code} +{format_decimal(action.gain)} ({action.effort}): {action.text.th}"
    for one in plan.left_out:
        yield f"  not planned: {one.sub_pillar} {one.name.th}: {one.why.th}"


def _parse_kpi_reading(text: str) -> Decimal:
    if text not in ("50", "75", "100"):
        raise ArgumentTypeError(f"{text} is not one of 50, 75, 100")
    return Decimal(text)


def _parse_whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to 9999")
    return int(text)


def _parse_expected_number(text: str) -> tuple[str, Decimal]:
    address, given, number = text.partition("=")
    if not given or not address:
        raise ArgumentTypeError(f"{text!r} is not ADDRESS=NUMBER")
    return address, Decimal(_parse_whole(number))


def _parse_decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ArgumentTypeError(f"{text!r} is not a number") from error
    if not value.is_finite() or not 0 <= value <= 100:
        raise ArgumentTypeError(f"{text} is not between 0 and 100")
    return value


def _read_text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error


def _get_response(options: dict[str, Any]) -> Response:
    rows = Response.objects.select_related("round__province", "round__instrument")
    found = rows.filter(agency=None, round__province__code=options["province"], round__year=options["year"]).first()
    if found is None:
        raise CommandError(f"{options['province']} has no round of {options['year']}")
    return found


def _list_recommendations(sheet: ScoreSheet) -> dict[str, list[dict[str, Any]]]:
    """Recommendations by sub-pillar."""
    found = {sub.code: [one.json() for one in list_recommendations(sheet, sub)] for sub in sheet.sub_pillars}
    return {code: some for code, some in found.items() if some}


def _sheet_lines(sheet: ScoreSheet) -> Iterator[str]:
    word = "estimated" if sheet.estimated else "final"
    yield f"{sheet.instrument} {sheet.year}: {format_decimal(sheet.total) or '-'} ({word}), level {sheet.level or '-'}"
    if sheet.unknown:
        known, low, high = format_decimal(sheet.known_weight), format_decimal(sheet.low), format_decimal(sheet.high)
        yield f"known: {known} % of the weight, so {low} to {high}; not entered: {', '.join(sheet.unknown)}"
    for pillar in sheet.pillars:
        weight, score = format_decimal(pillar.weight.value), format_decimal(pillar.score) or "-"
        yield f"{pillar.number} {pillar.name.th}: {score}, level {pillar.level or '-'}, weight {weight}"
        for sub in pillar.sub_pillars:
            yield from _sub_pillar_lines(sub, "  ")


def _sub_pillar_lines(sub: SubPillarScore, pad: str) -> Iterator[str]:
    yield f"{pad}{sub.code} {sub.name.th}: {format_decimal(sub.score) or '-'}"
    for criterion in sub.criteria:
        yield from _criterion_lines(criterion, pad + "  ")
    for part in sub.parts:
        yield from _sub_pillar_lines(part, pad + "  ")


def _criterion_lines(criterion: CriterionScore, pad: str) -> Iterator[str]:
    points = f"{format_decimal(criterion.points) or '-'}/{format_decimal(criterion.maximum)}"
    yield f"{pad}- {criterion.name.th}: {points} [{criterion.origin}]"
    yield f"{pad}  {criterion.reason.th}"
    if missing := [leaf.address for leaf in criterion.missing]:
        yield f"{pad}  missing: {', '.join(missing)}"
