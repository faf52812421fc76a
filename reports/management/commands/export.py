"""manage.py export: workbooks and data from the shell, the same as in the browser."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.models import Agency
from dgready.disk import file_sha256
from reports.content.as_on_paper import content_on_paper
from reports.content.queries import gather_report
from reports.management.commands._report_command import ReportCommand
from reports.management.national_verbs import add_national_arguments, write_export_file
from reports.models import ReportKind
from reports.offline_form.queries import FormPlace, NothingToFill, gather_form
from reports.offline_form.workbook import write_form
from reports.open_data import DictionaryRow, OpenRow, data_dictionary, open_json, open_rows, rows_csv
from survey.instrument.queries import compiled_instrument
from survey.models import Response


class Command(ReportCommand):
    """`export dga|form|bulk|open --province CODE --year YEAR [--agency KEY] --out FILE`.

    `export national --year YEAR --out FILE` is about all provinces.
    """

    help = "Write a workbook of a province's year, or of all provinces."
    verbs = {"dga": (ReportKind.DGA, "the Excel file for DGA")}

    def add_arguments(self, parser: CommandParser) -> None:
        """The verbs of reports, and those of workbooks to fill."""
        super().add_arguments(parser)
        sub = next(action for action in parser._actions if action.dest == "verb")
        form = self.add_place(sub, "form", "the offline form of an agency")
        form.add_argument("--agency", required=True, help="code of the agency")
        self.add_place(sub, "bulk", "the secretariat's workbook of all answers")
        self.add_place(sub, "open", "answers and scores as open data, .csv or .json, with a data dictionary")
        national: Any = sub
        add_national_arguments(national.add_parser("national", help="the national report as .xlsx, .csv or .json"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file. Raises CommandError."""
        if options["verb"] in self.verbs:
            return super().handle(*args, **options)
        if options["verb"] == "national":
            self.stdout.write(write_export_file(options))
            return None
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"{out.parent} is not a folder")
        response = self._response(options)
        if options["verb"] == "open":
            return self._write_open(response, out, options["language"])
        agency = None
        if code := options.get("agency"):
            agency = Agency.objects.filter(province=response.round.province_id, code=code).first()
            if agency is None:
                raise CommandError(f"province {options['province']} has no agency {code}")
        place = FormPlace(response.round, agency)
        partial = out.with_name(out.name + ".part.xlsx")
        try:
            write_form(gather_form(place, options["language"]), partial)
            partial.replace(out)
        except NothingToFill:
            raise CommandError("nothing can be answered there now") from None
        except OSError as error:
            raise CommandError(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        self.stdout.write(f"{out}  {out.stat().st_size} bytes  sha256 {file_sha256(out)}")
        return None

    def _write_open(self, response: Response, out: Path, language: str) -> None:
        """A JSON file with the dictionary in it, or a CSV file with one beside it."""
        if out.suffix not in (".csv", ".json"):
            raise CommandError("--out must end in .csv or .json")
        report = gather_report(response, language)
        report = replace(report, content=content_on_paper(report.content))
        instrument = compiled_instrument(response.round.instrument)
        if out.suffix == ".json":
            text = json.dumps(open_json(report, instrument), ensure_ascii=False, indent=1)
            files = {out: text.encode()}
        else:
            beside = out.with_name(f"{out.stem}-dictionary.csv")
            files = {out: rows_csv(open_rows(report, instrument), OpenRow)}
            files[beside] = rows_csv(data_dictionary(instrument), DictionaryRow)
        try:
            for path, content in files.items():
                path.write_bytes(content)
                self.stdout.write(f"{path}  {path.stat().st_size} bytes  sha256 {file_sha256(path)}")
        except OSError as error:
            raise CommandError(str(error)) from error
