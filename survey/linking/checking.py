"""Checking a file of links against the forms and published figures that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dgready.limits import read_text
from dgready.versioned_files import find_version
from dgready.yaml_upload import prove_yaml_file
from survey.instrument.check import check_instrument
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceError
from survey.linking.figure_codes import FigureCodes, read_figure_codes
from survey.linking.file_lines import line_in_message
from survey.linking.link_file import LinkHeader, parse_links, read_link_header
from survey.linking.links import YearLinks
from survey.models import Instrument


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
    try:
        text = prove_yaml_file(path)
        header = read_link_header(text)
    except SourceError as error:
        return CheckedLinks(None, None, [Fault(line_in_message(str(error)), "file", str(error))])
    missing: list[Fault] = []
    old = None if header.published else _find_form(path, *header.old, "from", missing)
    new = _find_form(path, *header.new, "to", missing)
    codes = _find_figures(figures or path.parent.parent / "benchmarks" / f"{header.old[1]}.csv", header, missing)
    if new is None or missing:
        return CheckedLinks(header, None, missing)
    links, faults = parse_links(text, old, new, codes)
    return CheckedLinks(header, links, faults)


def _find_form(path: Path, key: str, year: int, end: str, missing: list[Fault]) -> CompiledInstrument | None:
    folder = path.parent.parent
    for place in (folder, folder / "instruments"):
        if file := find_version(place, f"{key}-{year}"):
            form, faults = _read_form(file)
            if form is None:
                missing.append(Fault(0, end, f"{file} has {len(faults)} fault(s)"))
            return form
    row = Instrument.objects.filter(key=key, year=year).order_by("published_at", "-version").last()
    if row is None:
        missing.append(Fault(0, end, f"no form {key} {year}: neither beside the file nor loaded"))
        return None
    return compiled_instrument(row)


def _read_form(file: Path) -> tuple[CompiledInstrument | None, list[Fault]]:
    try:
        return check_instrument(prove_yaml_file(file))
    except SourceError as error:
        return None, [Fault(line_in_message(str(error)), "file", str(error))]


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
