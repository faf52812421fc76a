"""manage.py score table|response|kpi|plan|fit|check|calibrate: scores from the shell."""

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
from scoring.comparing.own_result import compare_own_result
from scoring.engine import queries
from scoring.engine.as_json import format_decimal, serialize_aggregate_score
from scoring.engine.score_tables import ScoreTableError, score_agencies, score_table
from scoring.headline.queries import get_response_json, read_headline, read_year_results
from scoring.kpi.as_json import serialize_kpi, serialize_kpi_range
from scoring.kpi.queries import evaluate_kpi_range
from scoring.management.commands._score_arguments import add_plan_arguments
from scoring.management.commands._score_calibrate import (
    add_calibrate_arguments,
    run_calibration,
    write_calibration_lines,
)
from scoring.management.commands._score_fit import add_fit_arguments, propose_province, propose_year, tell_fit
from scoring.management.commands._score_plan import make_plan, write_plan_lines
from scoring.management.commands._score_text import (
    write_headline_lines,
    write_kpi_lines,
    write_official_line,
    write_outlook_line,
    write_review_line,
    write_sheet_lines,
)
from scoring.planning import asking
from scoring.results.queries import list_results_before
from scoring.results.score_table_file import WHOLE_PROVINCE, parse_score_tables
from scoring.scheme import registry
from scoring.scheme.check import check_scheme, check_weights
from scoring.scheme.load import parse_scheme
from scoring.uncertainty.as_json import serialize_calibration
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
        add_fit_arguments(commands.add_parser("fit", help="fit what is assumed to official results"))
        add_calibrate_arguments(commands.add_parser("calibrate", help="confront a scheme with what is published"))
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
        response = _get_response(options)
        scored = queries.score_response(response)
        results = read_year_results(response)
        sheet, headline = scored.sheet, read_headline(response, results)
        official = compare_own_result(scored, results.own)
        if options["format"] == "json":
            self._json(get_response_json(response))
            return
        low, high = format_decimal(scored.ranges.total.low), format_decimal(scored.ranges.total.high)
        for line in write_headline_lines(headline):
            self.stdout.write(line)
        self.stdout.write(f"range by what is not published: {low} to {high}")
        sure = headline.uncertainty.total
        self.stdout.write(f"most likely {sure.low} to {sure.high} (90 % of the readings), median {sure.median}")
        if official is not None:
            self.stdout.write(write_official_line(official))
        self.stdout.write(write_outlook_line(headline.outlook))
        for line in (write_review_line(queries.get_review_standing(response)), *write_sheet_lines(sheet)):
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
        for line in write_kpi_lines(standing):
            self.stdout.write(line)

    def do_plan(self, options: dict[str, Any]) -> None:
        """`score plan`."""
        response = _get_response(options)
        case, plan, capacity = make_plan(response, options)
        if options["format"] == "json":
            self._json(asking.serialize_whole_plan(response, case, plan, capacity))
            return
        for line in write_plan_lines(plan, asking.list_asked(response, case, plan), capacity):
            self.stdout.write(line)

    def do_fit(self, options: dict[str, Any]) -> None:
        """`score fit`: of one province, or of all that have an official result and an answer."""
        proposed = propose_province(_get_response(options)) if options["province"] else propose_year(options)
        tell_fit(options, proposed, self.stdout)

    def do_calibrate(self, options: dict[str, Any]) -> None:
        """`score calibrate`."""
        found, seconds = run_calibration(options)
        if options["format"] == "json":
            self._json(serialize_calibration(found))
            return
        for line in write_calibration_lines(found, seconds):
            self.stdout.write(line)

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
