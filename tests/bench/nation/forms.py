"""Made-up years: the shipped form and its scheme under other years, so that a year is played in each of them."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from dgready.versioned_files import list_versions
from scoring.scheme.registry import FIXTURES
from survey.instrument import actions as instruments
from survey.instrument.source import read_yaml

_YEAR = re.compile(r"-(\d{4})")


def newest_file(folder: str, pattern: str = "*") -> Path:
    """The newest version of the newest year in a folder of fixtures/."""
    found = list_versions(FIXTURES / folder, pattern)
    years = [int(_YEAR.search(path.name)[1]) for path in found]  # type: ignore[index]  # every file names its year
    return [path for path, year in zip(found, years, strict=True) if year == max(years)][-1]


def publish_years(count: int, schemes: Path) -> list[int]:
    """Publishes the form of so many years, the shipped one first; their schemes go into a folder of SCHEME_DIRS."""
    form = newest_file("instruments")
    text = form.read_text(encoding="utf-8")
    first = int(_field(text, "year"))
    name = f"{_field(text, 'instrument')}-{first}"
    for path in list_versions(FIXTURES / "instruments", name):
        call_command("instrument", "load", str(path), "--publish", stdout=StringIO())
    scheme = newest_file("schemes", name).read_text(encoding="utf-8")
    years = list(range(first, first + count))
    for year in years[1:]:
        instruments.load_instrument(data=read_yaml(_of_year(text, first, year)), publish=True)
        (schemes / f"{_field(text, 'instrument')}-{year}.yaml").write_text(_of_year(scheme, first, year), "utf-8")
    return years


def _field(text: str, name: str) -> str:
    found = re.search(rf"^{name}: *(\S+)", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"no {name} in the file")
    return found[1]


def _of_year(text: str, old: int, new: int) -> str:
    """The file for another year: what names the year at its head."""
    text = re.sub(rf"^year: *{old}\b", f"year: {new}", text, flags=re.MULTILINE)
    return re.sub(rf"^(scheme: *\S+-){old}\b", rf"\g<1>{new}", text, flags=re.MULTILINE)
