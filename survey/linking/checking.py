"""Checking a file of links against the forms and published figures that lie beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from dgready.limits import read_text
from dgready.versioned_files import find_version
from dgready.yaml_upload import prove_yaml_file
from survey.instrument.check import check_instrument
from survey.instrument.queries import compiled_instrument, newest_instrument
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceError
from survey.linking.figure_codes import FigureCodes, read_figure_codes
from survey.linking.file_lines import line_in_message
from survey.linking.link_file import LinkHeader, parse_links, read_link_header
from survey.linking.links import YearLinks

FIXTURES: Final = Path(settings.BASE_DIR) / "fixtures"


@dataclass(frozen=True, slots=True)
class CheckedLinks:
    """What a file links, its faults, and the links where there are none."""

    header: LinkHeader | None
    links: YearLinks | None
    faults: list[Fault]


def check_link_file(path: Path, figures: Path | None = None) -> CheckedLinks:
    """Checks a file of links; `figures`: the table of published figures, else the one beside it.

    The forms are files beside it (`../KEY-YEAR.yaml`, `../instruments/KEY-YEAR.yaml`), else the newest that are loaded.
    Raises OSError for a file that cannot be opened.
    """
    folder = path.parent.parent
    try:
        text = prove_yaml_file(path)
    except SourceError as error:
        return _unreadable(error)
    return _check_text(text, (folder, folder / "instruments"), figures or folder / "benchmarks")


def check_link_text(text: str) -> CheckedLinks:
    """Checks the text of a file of links against the forms that are loaded, and the published figures that ship."""
    return _check_text(text, (), FIXTURES / "benchmarks")


def _check_text(text: str, folders: Sequence[Path], figures: Path) -> CheckedLinks:
    """`folders`: where forms are looked for before those that are loaded; `figures`: a table, or a folder of them."""
    try:
        header = read_link_header(text)
    except SourceError as error:
        return _unreadable(error)
    missing: list[Fault] = []
    old = None if header.published else _find_form(folders, *header.old, "from", missing)
    new = _find_form(folders, *header.new, "to", missing)
    codes = _find_figures(figures / f"{header.old[1]}.csv" if figures.suffix == "" else figures, header, missing)
    if new is None or missing:
        return CheckedLinks(header, None, missing)
    links, faults = parse_links(text, old, new, codes)
    return CheckedLinks(header, links, faults)


def _unreadable(error: SourceError) -> CheckedLinks:
    return CheckedLinks(None, None, [_unreadable_fault(error)])


def _unreadable_fault(error: SourceError) -> Fault:
    return Fault(line_in_message(str(error)), "file", str(error))


def _find_form(
    folders: Sequence[Path], key: str, year: int, end: str, missing: list[Fault]
) -> CompiledInstrument | None:
    for place in folders:
        if file := find_version(place, f"{key}-{year}"):
            form, faults = _read_form(file)
            if form is None:
                missing.append(Fault(0, end, f"{file} has {len(faults)} fault(s)"))
            return form
    row = newest_instrument(key, year)
    if row is None:
        missing.append(Fault(0, end, f"no form {key} {year}: neither beside the file nor loaded"))
        return None
    return compiled_instrument(row)


def _read_form(file: Path) -> tuple[CompiledInstrument | None, list[Fault]]:
    try:
        return check_instrument(prove_yaml_file(file))
    except SourceError as error:
        return None, [_unreadable_fault(error)]


def _find_figures(file: Path, header: LinkHeader, missing: list[Fault]) -> FigureCodes | None:
    if not header.published:
        return None
    if not file.exists():
        missing.append(Fault(0, "from", f"no published figures: {file} is not there"))
        return None
    try:
        return read_figure_codes(read_text(file))
    except ValueError as error:
        missing.append(Fault(0, "from", f"{file}: {error}"))
        return None
