"""manage.py national show: all blocks of the national report, as JSON or text."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.core.management.base import CommandError

from nation.facts.types import FactBlock, FactRow, NationalReport, Population
from nation.figures.national_queries import GROUPS, UnknownGroup, list_members
from nation.national.queries import read_live_report

HELP: Final = "all blocks of the report of a year"


def add_arguments(parser: ArgumentParser) -> None:
    """Which year, whose answers, and how it is printed."""
    parser.add_argument("--year", type=int, required=True, help="Buddhist era")
    parser.add_argument("--group", choices=sorted(GROUPS), help="a report for each member of this group")
    parser.add_argument("--submitted", action="store_true", help="also answers that are submitted and not yet approved")
    parser.add_argument("--release", help="as released: the version, such as 1.0")
    parser.add_argument("--format", choices=["json", "text"], default="text")


def handle(options: Mapping[str, Any]) -> str:
    """What is printed. Raises CommandError."""
    year, group = options["year"], options["group"]
    if options["release"]:
        content = release_content(year, options["release"])
        if group:
            content = _released_group(content, group)
        return json.dumps(content, ensure_ascii=False, indent=1)
    if not group:
        report = _read(Population(year, submitted=options["submitted"]))
        if not report.blocks:
            raise CommandError(f"no province has a round of {year}")
        return _dumps(report.json()) if options["format"] == "json" else "\n".join(_lines(report))
    reports = {
        member: _read(Population(year, group, member, options["submitted"])) for member in list_members(group, year)
    }
    if options["format"] == "json":
        return _dumps({"groups": {member: report.json() for member, report in reports.items()}})
    return "\n".join(line for report in reports.values() for line in _lines(report))


def release_content(year: int, version: str) -> dict[str, Any]:
    """The content of a release as it was stored. Raises CommandError where there is none.

    Looked up late: the room of releases reads the report, so it lies above what this command needs to run.
    """
    if find_spec("nation.releases.queries") is None:
        raise CommandError("releases are not part of this installation")
    try:
        content: dict[str, Any] = import_module("nation.releases.queries").get_release_content(year, version)
    except LookupError as error:
        raise CommandError(f"there is no release {version} of {year}") from error
    if not content:
        raise CommandError(f"there is no release {version} of {year}")
    return content


def _released_group(content: Mapping[str, Any], group: str) -> Any:
    """The part of a release that is about a group."""
    groups = content.get("groups", {})
    if group not in groups:
        raise CommandError(f"the release tells nothing by {group}")
    return {"groups": groups[group]}


def _read(population: Population) -> NationalReport:
    """The report with the centre's codes of reasons and picked examples, or the averages of agencies."""
    try:
        return read_live_report(population)
    except UnknownGroup as error:
        raise CommandError(f"there is no group {error}") from error


def _dumps(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def _lines(report: NationalReport) -> Iterator[str]:
    who = report.population
    member = f" {who.group} {who.member}" if who.group else ""
    yield f"{who.year}{member}: {len(report.provinces)} of {report.invited} provinces"
    for block in report.blocks:
        yield ""
        yield from _block_lines(block)


def _block_lines(block: FactBlock) -> Iterator[str]:
    yield f"[{block.key}] {block.title} (asked {block.asked}, answered {block.answered}, n {block.n})"
    if block.sentence:
        yield f"  {block.sentence}"
    for row in block.rows:
        yield f"  {_row_line(row)}"
        yield from (f"    {_row_line(part)}" for part in row.parts)
    if block.note:
        yield f"  * {block.note}"


def _row_line(row: FactRow) -> str:
    count = None if row.hidden else row.count
    figures = [
        f"{count}" if count is not None else "",
        f"{row.percent} %" if row.percent is not None else "",
        f"of {row.base}" if row.base is not None else "",
        f"= {row.value:,f}" if row.value is not None else "",
        f"before {row.before} %" if row.before is not None else "",
    ]
    told = " ".join(figure for figure in figures if figure)
    return f"{row.key}: {row.label}{f': {told}' if told else ''}"
