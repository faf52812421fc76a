"""manage.py report KIND: papers from the shell, the same as in the browser."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Province
from dgready.disk import file_sha256
from reports.errors import ReportError
from reports.jobs.makers import make_job_file
from reports.jobs.making.answers import make_result
from reports.jobs.making.params import ANSWER
from reports.management.national_verbs import add_national_arguments, write_report_file
from reports.management.report_all import add_all_arguments, wanted_files, write_all
from reports.models import Job, LetterKind, ReportKind
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.journal.province_journal import read_filter
from survey.models import Response

KINDS: Final[dict[str, tuple[ReportKind, str]]] = {
    "result": (ReportKind.RESULT, "the result of a year, published or estimated, in DGA's manner"),
    "questionnaire": (ReportKind.QUESTIONNAIRE, "every question with its answer and evidence"),
    "blank": (ReportKind.BLANK, "the form for handwriting, whole or the part of an agency"),
    "assignments": (ReportKind.ASSIGNMENTS, "who answers what, with weights and what level 5 means"),
    "brief": (ReportKind.BRIEF, "the governor's one page"),
    "kpi": (ReportKind.KPI, "the KPI sheet for OPDC"),
    "journal": (ReportKind.JOURNAL, "who did what and when, with the outcome of the verification"),
    "letters": (ReportKind.LETTERS, "letters to the agencies, to DGA, to the governor"),
    "agenda": (ReportKind.AGENDA, "the agenda of the committee's latest meeting, in five parts"),
    "committee": (ReportKind.COMMITTEE, "the paper for the committee's latest meeting"),
    "minutes": (ReportKind.MINUTES, "the minutes of the committee's latest meeting"),
    "plan": (ReportKind.PLAN, "the newest action plan"),
    "reasons": (ReportKind.REASONS, "the reasons of the score"),
    "evidence-index": (ReportKind.INDEX, "the list of evidence with hashes and marks"),
    "certificate": (ReportKind.CERTIFICATE, "the certificate of the approval"),
}
OF_AGENCY: Final = frozenset({"questionnaire", "blank", "assignments", "letters", "evidence-index", "journal"})
OF_PILLAR: Final = frozenset({"questionnaire", "blank", "assignments", "reasons", "evidence-index"})
WITH_VERSION: Final = frozenset({"result", "questionnaire"})


class Command(BaseCommand):
    """`report KIND --province CODE --year YEAR [--agency KEY] [--pillar N] [--number N] --out FILE.pdf`.

    `report all … --out FOLDER` writes all of them, and the workbooks; `report national` is about all provinces.
    """

    help = "Write a paper of a province's year as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command per kind."""
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        add_all_arguments(sub.add_parser("all", help="every paper and workbook there is, with an index"))
        add_national_arguments(sub.add_parser("national", help="how all provinces answered, with charts and tables"))
        self.parsers: dict[str, tuple[ReportKind, ArgumentParser]] = {}
        for verb, (kind, about) in KINDS.items():
            verb_parser = sub.add_parser(verb, help=about)
            self.parsers[verb] = kind, verb_parser
            verb_parser.add_argument("--province", required=True, help="code, such as TH-43")
            verb_parser.add_argument("--year", type=int, required=True, help="Buddhist era")
            if verb in OF_AGENCY:
                verb_parser.add_argument("--agency", default="", help="key of an agency; without it all")
            if verb in OF_PILLAR:
                verb_parser.add_argument("--pillar", default="", help="number of a pillar; without it all")
            if verb == "journal":
                _add_journal_filter(verb_parser)
            if verb == "letters":
                verb_parser.add_argument("--letter", choices=LetterKind.values, default=LetterKind.INVITE.value)
            if verb in WITH_VERSION:
                verb_parser.add_argument("--number", type=int, help="an approved version, superseded or not")
            verb_parser.add_argument("--out", type=Path, required=True, help="the file to write")
            verb_parser.add_argument("--language", choices=["th", "en"], default="th")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file. Raises CommandError."""
        if options["verb"] == "all":
            return self._write_all(options)
        if options["verb"] == "national":
            self.stdout.write(write_report_file(options, self._show_progress))
            return None
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"{out.parent} is not a folder")
        partial = out.with_name(out.name + ".part")
        try:
            self._make(options, KINDS[options["verb"]][0], partial)
            partial.replace(out)
        except (ReportError, FaultyScheme, MissingScheme, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        self.stdout.write(f"{out}  {out.stat().st_size} bytes  sha256 {file_sha256(out)}")
        return None

    def _write_all(self, options: dict[str, Any]) -> None:
        try:
            write_all(options, wanted_files(self.parsers, options), self._make, self.stdout)
        except OSError as error:
            raise CommandError(str(error)) from error

    def _make(self, options: dict[str, Any], kind: ReportKind, path: Path) -> str:
        """Makes a paper at `path` and returns its file name for download."""
        if kind is ReportKind.RESULT:
            province = Province.objects.filter(code=options["province"]).first()
            if province is None:
                raise CommandError(f"there is no province {options['province']}")
            name, _version = make_result(
                province, options["year"], options["language"], path, self._show_progress, options.get("number")
            )
            return name
        job = Job(kind=kind, response=self._response(options, kind), params=_params(options, kind))
        return make_job_file(job, path, self._show_progress)

    def _response(self, options: dict[str, Any], kind: ReportKind) -> Response:
        """The answer of the province; for what is an agency's own, its contribution."""
        rows = Response.objects.select_related("round__province", "round__instrument", "agency")
        code, year = options["province"], options["year"]
        rows = rows.filter(round__province__code=code, round__year=year).defer("round__instrument__source")
        agency = options.get("agency") if not kind.takes_agency else ""
        response = (rows.filter(agency__code__iexact=agency) if agency else rows.filter(agency=None)).first()
        if response is None:
            who = f"agency {agency} contributes nothing to {code} {year}" if agency else ""
            raise CommandError(who or f"province {code} has no round of the year {year}")
        return response

    def _show_progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done * 100 // total:3d} %", ending="")


def _params(options: dict[str, Any], kind: ReportKind) -> dict[str, Any]:
    """What a job of the same paper would be asked with."""
    params: dict[str, Any] = {"language": options["language"]}
    if kind.takes_agency and options.get("agency"):
        params["agency"] = options["agency"]
    if options.get("letter"):
        params["letter"] = options["letter"]
    if options.get("number"):
        params["version"] = options["number"]
    if options.get("pillar"):
        params["pillar"] = options["pillar"]
    if kind is ReportKind.JOURNAL:
        params |= _journal_filter(options)
    return params


def _add_journal_filter(verb_parser: ArgumentParser) -> None:
    verb_parser.add_argument("--from", dest="since", default="", help="first day, such as 2025-06-12 or 12/6/2568")
    verb_parser.add_argument("--to", dest="until", default="", help="last day")
    verb_parser.add_argument("--question", default="", help="code or id of a question")
    verb_parser.add_argument("--alone", action="store_true", help="the province's answer without the agencies'")


def _journal_filter(options: dict[str, Any]) -> dict[str, Any]:
    """By what a journal is filtered. Raises CommandError for a day that cannot be read."""
    criteria = read_filter({name: options[name] for name in ("since", "until", "question")})
    for name, flag, day in (("since", "--from", criteria.since), ("until", "--to", criteria.until)):
        if options[name] and day is None:
            raise CommandError(f"{flag} is not a day: {options[name]}")
    return {**criteria.params(), **({"scope": ANSWER} if options["alone"] else {})}
