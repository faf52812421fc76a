"""The verbs `report national` and `export national`: the national report from the shell, the same as in the browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError

from dgready.disk import file_sha256
from nation.facts.types import Population
from nation.national.choices import GROUP_NAMES
from reports.content.national import NationalPaper, gather_national_paper
from reports.documents.national import write_national_pdf
from reports.documents.paper import Progress
from reports.errors import ReportError
from reports.workbooks.national import write_national_workbook
from reports.workbooks.national_csv import national_csv

Writer = Callable[[NationalPaper, Path], object]


def add_national_arguments(parser: ArgumentParser) -> None:
    """Year, group, states, release, file."""
    parser.add_argument("--year", type=int, required=True, help="Buddhist era")
    parser.add_argument(
        "--group", choices=list(GROUP_NAMES), default="", help="only a group of provinces; with --member"
    )
    parser.add_argument("--member", default="", help="member of the group, such as 2, north or small")
    parser.add_argument("--submitted", action="store_true", help="count submitted answers, too")
    parser.add_argument("--release", default="", help="a released version, such as 1.0; without it what is counted now")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--language", choices=["th", "en"], default="th")


def write_report_file(options: Mapping[str, Any], progress: Progress) -> str:
    """Writes the PDF; what is to be told of it. Raises CommandError."""
    return _write(options, lambda paper, path: write_national_pdf(paper, path, progress))


def write_export_file(options: Mapping[str, Any]) -> str:
    """Writes the workbook, the CSV or the JSON, by the suffix; what is to be told of it. Raises CommandError."""
    writer = WRITERS.get(options["out"].suffix)
    if writer is None:
        raise CommandError(f"--out must end in {', '.join(WRITERS)}")
    return _write(options, writer)


def _write_csv(paper: NationalPaper, path: Path) -> None:
    path.write_bytes(national_csv(paper.report))


def _write_json(paper: NationalPaper, path: Path) -> None:
    path.write_text(json.dumps(paper.report.json(), ensure_ascii=False, indent=1), encoding="utf-8")


WRITERS: Final[Mapping[str, Writer]] = {".xlsx": write_national_workbook, ".csv": _write_csv, ".json": _write_json}


def _write(options: Mapping[str, Any], writer: Writer) -> str:
    out: Path = options["out"]
    if bool(options["group"]) != bool(options["member"]):
        raise CommandError("--group and --member go together")
    if not out.parent.is_dir():
        raise CommandError(f"{out.parent} is not a folder")
    population = Population(options["year"], options["group"], options["member"], submitted=options["submitted"])
    partial = out.with_name(out.name + ".part")
    try:
        writer(gather_national_paper(population, options["language"], options["release"]), partial)
        partial.replace(out)
    except (ReportError, OSError) as error:
        raise CommandError(str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
    return f"{out}  {out.stat().st_size} bytes  sha256 {file_sha256(out)}"
