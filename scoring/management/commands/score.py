"""manage.py score table|response|kpi|plan|fit|check: scores from the shell."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dgready.limits import read_limited
from dgready.localized_text import LocalizedText
from dgready.sheets.uploaded import read_uploaded_texts
from dgready.yaml_source import SourceError
from dgready.yaml_upload import prove_yaml_file
from scoring.engine import queries
from scoring.engine.as_json import format_decimal, format_quantity, serialize_aggregate_score, serialize_score_sheet
from scoring.engine.recommendations import list_recommendations
from scoring.engine.score_tables import ScoreTableError, score_agencies, score_table
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.as_json import serialize_kpi, serialize_kpi_range
from scoring.kpi.queries import evaluate_kpi_range
from scoring.management.commands._score_arguments import add_plan_arguments
from scoring.management.commands._score_text import write_plan_lines, write_sheet_lines
from scoring.planning import queries as planning
from scoring.planning.optimum.as_json import serialize_plan
from scoring.planning.optimum.plan import propose_plan as make_plan
from scoring.planning.optimum.plan_types import PlanNotPossible, PlanTarget
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
        commands = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        command = commands.add_parser("table", help="score a CSV (columns sub_pillar, score, perhaps agency)")
        command.add_argument("file", type=Path)
        command.add_argument("--framework", type=int, required=True, help="year, Buddhist era")
        verbs = (
            ("response", "the score of a province with reasons"),
            ("kpi", "its KPI now"),
            ("plan", "the least work that reaches a target"),
        )
        for name, what in verbs:
            command = commands.add_parser(name, help=what)
            command.add_argument("--province", required=True, help="code, such as TH-43")
            command.add_argument("--year", type=int, required=True, help="Buddhist era")
            command.add_argument("--format", choices=["json", "text"], default="text")
            if name == "plan":
                add_plan_arguments(command)
        command = commands.add_parser("fit", help="fit the assumed steps to the official result of a province")
        command.add_argument("--province", required=True, help="code, such as TH-43")
        command.add_argument("--year", type=int, required=True, help="Buddhist era")
        command.add_argument("--format", choices=["json", "text"], default="text")
        command.add_argument("--out", type=Path, help="write the fitted scheme to this file, for review")
        command.add_argument("--store", action="store_true", help="store it as the next version; rounds keep theirs")
        command = commands.add_parser("check", help="list every fault of a scheme, with its place")
        command.add_argument("file", type=Path)
        command.add_argument("--instrument", type=Path, help="the instrument's file, to check against it")

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
        tables = parse_score_tables(_read_rows(options["file"]))
        if WHOLE_PROVINCE in tables:
            self._json(serialize_aggregate_score(score_table(scheme, tables[WHOLE_PROVINCE])))
            return
        standing, agencies = score_agencies(scheme, tables)
        agency_tables = {name: serialize_aggregate_score(one) for name, one in agencies.items()}
        self._json({**serialize_aggregate_score(standing), "agencies": agency_tables})

    def do_response(self, options: dict[str, Any]) -> None:
        """`score response`."""
        scored = queries.score_response(_get_response(options))
        sheet = scored.sheet
        if options["format"] == "json":
            self._json({**serialize_score_sheet(sheet, scored.ranges), "recommendations": _list_recommendations(sheet)})
            return
        low, high = format_decimal(scored.ranges.total.low), format_decimal(scored.ranges.total.high)
        self.stdout.write(f"range by what is not published: {low} to {high}")
        for line in write_sheet_lines(sheet):
            self.stdout.write(line)

    def do_kpi(self, options: dict[str, Any]) -> None:
        """`score kpi`."""
        response = _get_response(options)
        province = response.round.province
        past = list_results_before(province, options["year"])
        kpi = evaluate_kpi_range(province, queries.score_response(response), past)
        if kpi is None:
            raise CommandError(f"no KPI scheme judges the result of {options['year']}")
        standing = kpi.best
        if options["format"] == "json":
            self._json({**serialize_kpi(standing), **serialize_kpi_range(kpi.low, standing, kpi.high)})
            return
        group = standing.group.name.th if standing.group else "-"
        self.stdout.write(
            f"{standing.name.th}: {group}, {format_decimal(standing.points)} / {format_decimal(standing.weight)}"
        )
        for part in standing.parts:
            targets = " / ".join(str(format_quantity(t.needed)) for t in part.targets)
            self.stdout.write(
                f"  {part.name.th}: {format_quantity(part.current)} ({targets}) → {format_quantity(part.reading)}"
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
        for line in write_plan_lines(plan):
            self.stdout.write(line)

    def do_fit(self, options: dict[str, Any]) -> None:
        """`score fit`."""
        response = _get_response(options)
        proposal = propose_fit(response, queries.score_response(response).facts)
        if proposal is None:
            raise CommandError(f"no official result of {options['year']} is entered for {options['province']}")
        if options["out"]:
            options["out"].write_text(proposal.text, encoding="utf-8")
        stored = None
        if options["store"]:
            try:
                stored = schemes.create_scheme_version(by=None, response=response)
            except schemes.NothingToFit as error:
                raise CommandError("nothing to fit: no assumed step explains what differs") from error
        if options["format"] == "json":
            self._json(
                {**serialize_fit(proposal.fit), "base": proposal.base.scheme.version, "stored": str(stored or "")}
            )
            return
        for move in proposal.fit.moves:
            self.stdout.write(f"{move.sub_pillar} {move.criterion} [{move.key}]: {move.old} → {move.new}")
        for code in proposal.fit.unfitted:
            self.stdout.write(f"{code}: no assumed step explains the official score")
        if stored:
            self.stdout.write(f"stored as {stored}")

    def do_check(self, options: dict[str, Any]) -> None:
        """`score check`."""
        scheme, faults = parse_scheme(_yaml_text(options["file"]))
        if scheme is not None and options["instrument"]:
            compiled, wrong = check_instrument(_yaml_text(options["instrument"]))
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


def _yaml_text(path: Path) -> str:
    try:
        return prove_yaml_file(path)
    except (OSError, SourceError) as error:
        raise CommandError(f"{path}: {error}") from error


def _read_rows(path: Path) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of scores, CSV or Excel."""
    try:
        with path.open("rb") as file:
            content = read_limited(file, settings.WORKBOOK_LIMITS.size)
    except OSError as error:
        raise CommandError(f"{path}: {error}") from error
    rows = read_uploaded_texts(content, settings.WORKBOOK_LIMITS, settings.READER_LIMITS, ("sub_pillar", "score"))
    if isinstance(rows, LocalizedText):
        raise CommandError(f"{path}: {rows.en}")
    return rows


def _get_response(options: dict[str, Any]) -> Response:
    rows = Response.objects.select_related("round__province", "round__instrument")
    response = rows.filter(agency=None, round__province__code=options["province"], round__year=options["year"]).first()
    if response is None:
        raise CommandError(f"{options['province']} has no round of {options['year']}")
    return response


def _list_recommendations(sheet: ScoreSheet) -> dict[str, list[dict[str, Any]]]:
    """Recommendations by sub-pillar."""
    found = {sub.code: [one.json() for one in list_recommendations(sheet, sub)] for sub in sheet.sub_pillars}
    return {code: some for code, some in found.items() if some}
