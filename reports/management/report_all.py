"""manage.py report all: every paper and workbook of a province's year into a folder, with an index."""

from __future__ import annotations

import errno
import json
import logging
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import pikepdf
from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone

from accounts.models import Province
from dgready.disk import file_sha256
from reports.errors import ReportError
from reports.jobs.makers import JOB_MAKERS
from reports.models import ReportKind
from reports.offline_form.queries import FormPlace, NothingToFill, gather_form
from reports.offline_form.workbook import write_form
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.models import Response

log = logging.getLogger(__name__)
INDEX: Final = "index.json"
BULK: Final = "bulk"
# Copies of the evidence itself rather than papers about it: asked for with --evidence, for they may have gigabytes.
COPIES: Final = (ReportKind.BINDER, ReportKind.BUNDLE)
CANNOT: Final = (ReportError, MissingScheme, FaultyScheme, NothingToFill, CommandError)
STOPS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)  # nothing more can be written
Maker = Callable[[dict[str, Any], ReportKind, Path], str]
"""Writes a paper by its options and kind to a path and returns its file name."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file in the folder, as index.json tells of it. `pages`: of a PDF."""

    kind: str
    file: str
    sha256: str
    size: int
    pages: int | None


@dataclass(frozen=True, slots=True)
class MissingFile:
    """What could not be made, with its reason. `fault`: it should have been possible."""

    kind: str
    reason: str
    fault: bool = False


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to make: its verb, its kind (None for the bulk workbook), the options of its command."""

    verb: str
    kind: ReportKind | None
    options: dict[str, Any]


def add_all_arguments(parser: ArgumentParser) -> None:
    """Those of `report all`."""
    parser.add_argument("--province", required=True, help="code, such as TH-43")
    parser.add_argument("--year", type=int, required=True, help="Buddhist era")
    parser.add_argument(
        "--out", type=Path, required=True, help="the folder to write to; it is made where it is missing"
    )
    parser.add_argument("--language", choices=["th", "en"], default="th")
    parser.add_argument("--evidence", action="store_true", help="the binder and the bundle of all evidence as well")


def wanted_files(
    parsers: Mapping[str, tuple[ReportKind, ArgumentParser]], options: Mapping[str, Any]
) -> Iterator[WantedFile]:
    """All that can be asked for: the verbs of the command with each of their choices, what else has a maker, workbooks.

    So a new kind of paper is among them once it has its maker.
    """
    for verb, (kind, parser) in parsers.items():
        named = {a.dest: list(a.choices) for a in parser._actions if a.choices and a.dest != "language"}
        for chosen in product(*named.values()):
            given = {a.dest: a.default for a in parser._actions} | dict(options)
            yield WantedFile(verb, kind, given | dict(zip(named, chosen, strict=True)))
    known = {kind for kind, _parser in parsers.values()} | (set() if options["evidence"] else set(COPIES))
    for kind in JOB_MAKERS:
        if kind not in known:
            yield WantedFile(kind.value.replace("_", "-"), kind, dict(options))
    yield WantedFile(BULK, None, dict(options))


def write_all(options: Mapping[str, Any], wanted: Iterator[WantedFile], make: Maker, stdout: OutputWrapper) -> None:
    """Writes what can be made, a line for each, then index.json. Raises CommandError.

    What cannot be made is named with its reason and stops nothing; a fault of the program gives exit code 1 in the end.
    """
    folder: Path = options["out"]
    if not Province.objects.filter(code=options["province"]).exists():
        raise CommandError(f"there is no province {options['province']}")
    if not folder.parent.is_dir() or (folder.exists() and not folder.is_dir()):
        raise CommandError(f"{folder} is not a folder")
    folder.mkdir(exist_ok=True)
    written: list[WrittenFile] = []
    missing: list[MissingFile] = []
    for one in wanted:
        made = _write_one(one, folder, make, {file.file for file in written})
        if isinstance(made, WrittenFile):
            written.append(made)
            stdout.write(f"{one.verb}: {folder / made.file}  {made.size} bytes  sha256 {made.sha256}")
        else:
            missing.append(made)
            stdout.write(f"{one.verb}: {'fault' if made.fault else 'not made'}: {made.reason}")
    _write_index(folder, options, written, missing)
    stdout.write(f"{folder / INDEX}  {len(written)} files, {len(missing)} not made")
    if any(one.fault for one in missing):
        raise CommandError("some files could not be made by a fault of the program")


def _write_one(wanted: WantedFile, folder: Path, make: Maker, taken: set[str]) -> WrittenFile | MissingFile:
    """A file that appears under its name only when it is whole. Raises OSError where no file could be written."""
    partial = folder / f".{wanted.verb}.part.xlsx"  # a workbook is refused under another ending
    try:
        if wanted.kind is None:
            name = _write_bulk(wanted.options, partial)
        else:
            name = make(wanted.options, wanted.kind, partial)
        name = _free_name(name, wanted.verb, taken)
        partial.replace(folder / name)
    except CANNOT as error:
        return MissingFile(wanted.verb, str(error) or "there is nothing to fill in now")
    except Exception as error:
        if isinstance(error, OSError) and error.errno in STOPS:
            raise
        log.exception("report all: %s", wanted.verb)
        return MissingFile(wanted.verb, repr(error)[:300], fault=True)
    finally:
        partial.unlink(missing_ok=True)
    path = folder / name
    return WrittenFile(wanted.verb, name, file_sha256(path), path.stat().st_size, _count_pages(path))


def _free_name(name: str, verb: str, taken: set[str]) -> str:
    """The name of a file, with its verb and a number where another has it; never a path."""
    path = Path(re.sub(r"[/\\\0]", "-", name))
    names = (path.name, *(f"{path.stem}-{verb}{n or ''}{path.suffix}" for n in range(len(taken) + 1)))
    return next(free for free in names if free not in taken and free != INDEX)


def _count_pages(path: Path) -> int | None:
    if path.suffix != ".pdf":
        return None
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def _write_bulk(options: Mapping[str, Any], path: Path) -> str:
    """The secretariat's workbook of all answers."""
    code, year = options["province"], options["year"]
    rows = Response.objects.select_related("round__province", "round__instrument").defer("round__instrument__source")
    response = rows.filter(round__province__code=code, round__year=year, agency=None).first()
    if response is None:
        raise CommandError(f"province {code} has no round of the year {year}")
    write_form(gather_form(FormPlace(response.round, None), options["language"]), path)
    return f"dgready-{code}-{year}-bulk.xlsx"


def _write_index(
    folder: Path, options: Mapping[str, Any], written: list[WrittenFile], missing: list[MissingFile]
) -> None:
    """index.json: what docs/commands.md promises."""
    index = {
        "province": options["province"],
        "year": options["year"],
        "language": options["language"],
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "files": [asdict(one) for one in written],
        "missing": [{"kind": one.kind, "reason": one.reason} for one in missing],
    }
    partial = folder / f".{INDEX}.part"
    partial.write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(folder / INDEX)
