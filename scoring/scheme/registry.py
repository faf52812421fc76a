"""Registry of the scheme files of this installation, each read once per process and content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from dgready.versioned_files import list_versions, split_version
from scoring.scheme.check import check_scheme, check_weights
from scoring.scheme.load import parse_scheme
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.schema import LocalizedText
from survey.instrument.source import Fault

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


class MissingScheme(LookupError):
    """No scoring scheme is there for this instrument or year."""


class FaultyScheme(ValueError):
    """The scheme's file has faults; `faults` lists them."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class LoadedScheme:
    """A scheme with the file it was read from (or that its version would be), its text and the SHA-256 of that."""

    scheme: ScoringScheme
    path: Path
    checksum: str
    text: str


@dataclass(frozen=True, slots=True)
class LevelName:
    """The names of a maturity level."""

    level: int
    name: LocalizedText
    short: LocalizedText


def list_scheme_folders() -> Sequence[Path]:
    """Where schemes are kept; SCHEME_DIRS in the settings adds to the product's own."""
    return [FIXTURES / "schemes", *map(Path, settings.SCHEME_DIRS)]


def list_scheme_files() -> Sequence[Path]:
    """Every scheme file of this installation, by folder and name."""
    return [path for folder in list_scheme_folders() for path in sorted(folder.glob("*.yaml")) if _is_scheme_file(path)]


def get_scheme_by_name(name: str, version: int | None = None) -> LoadedScheme:
    """The newest scheme "<instrument>-<year>", at most of the given version. Raises MissingScheme, FaultyScheme."""
    for path in _list_named_files(name):
        if version is None or split_version(path)[1] <= version:
            return _read_file(path)
    raise MissingScheme(name)


def _list_named_files(name: str) -> Iterator[Path]:
    """The scheme's files of the first folder that has them, the newest version first."""
    for folder in list_scheme_folders():
        for stem in (f"{name}-scheme", name):
            named = [p for p in list_versions(folder, stem) if split_version(p)[0] == stem]
            yield from (path for path in reversed(named) if _is_scheme_file(path))


def get_scheme_by_year(year: int) -> LoadedScheme:
    """The newest scheme of a framework year. Raises MissingScheme, FaultyScheme."""
    for folder in list_scheme_folders():
        named = [*list_versions(folder, f"*-{year}"), *list_versions(folder, f"*-{year}-scheme")]
        for path in reversed(named):
            if _is_scheme_file(path):
                return _read_file(path)
    raise MissingScheme(str(year))


def get_newest_year() -> int:
    """The latest year that has a scheme file scoring answers. Raises MissingScheme, FaultyScheme."""
    years = [loaded.scheme.year for path in list_scheme_files() if not (loaded := _read_file(path)).scheme.table_only]
    if not years:
        raise MissingScheme("any year")
    return max(years)


def get_scheme_for_instrument(instrument: Compiled) -> LoadedScheme:
    """The newest scheme for an instrument's version, checked against it.

    A scheme is for the form of its own version and later ones, unless its `form_version` names an earlier one. One of
    tables only scores no answers, so it is for no form.

    Raises MissingScheme, FaultyScheme.
    """
    name = f"{instrument.key}-{instrument.year}"
    for path in _list_named_files(name):
        if _read_form_version(path) <= instrument.version and not (loaded := _read_file(path)).scheme.table_only:
            return validate_scheme(loaded, instrument)
    raise MissingScheme(name)


def validate_scheme(loaded: LoadedScheme, instrument: Compiled) -> LoadedScheme:
    """A scheme that fits the instrument. Raises FaultyScheme."""
    _validate_once(loaded.scheme, instrument, loaded.path)
    return loaded


def parse_scheme_text(text: str, path: Path) -> LoadedScheme:
    """The scheme of a text; `path` is what its faults name. Raises FaultyScheme."""
    scheme, faults = parse_scheme(text)
    if scheme is not None:
        faults = check_weights(scheme)
    if scheme is None or faults:
        raise FaultyScheme(path, faults)
    return LoadedScheme(scheme, path, hashlib.sha256(text.encode()).hexdigest(), text)


@lru_cache(maxsize=64)
def _validate_once(scheme: ScoringScheme, instrument: Compiled, path: Path) -> None:
    if faults := check_scheme(scheme, instrument):
        raise FaultyScheme(path, faults)


def _is_scheme_file(path: Path) -> bool:
    # An instrument may lie beside its scheme under the same name.
    try:
        stat = path.stat()
    except FileNotFoundError:
        return False
    return _has_scheme_key(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _has_scheme_key(path: Path, changed: int, size: int) -> bool:
    return re.search(r"^scheme:", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def _read_form_version(path: Path) -> int:
    stat = path.stat()
    return _find_form_version(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _find_form_version(path: Path, changed: int, size: int) -> int:
    named = re.search(r"^form_version: *(\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return int(named[1]) if named else split_version(path)[1]


def _read_file(path: Path) -> LoadedScheme:
    stat = path.stat()
    return _parse_file(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _parse_file(path: Path, changed: int, size: int) -> LoadedScheme:
    return parse_scheme_text(path.read_text(encoding="utf-8"), path)


@lru_cache(maxsize=1)
def get_level_names() -> dict[int, LevelName]:
    """The names of the levels."""
    return {
        row["level"]: LevelName(row["level"], LocalizedText(**row["name"]), LocalizedText(**row["short"]))
        for row in _read_levels()["levels"]
    }


@lru_cache(maxsize=1)
def get_pillar_names() -> dict[str, LocalizedText]:
    """The names of the pillars by number, for years whose scheme names none."""
    return {number: LocalizedText(**pillar["name"]) for number, pillar in _read_levels()["pillars"].items()}


@lru_cache(maxsize=1)
def _read_levels() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FIXTURES / "levels.yaml").read_text(encoding="utf-8"))
    return data
