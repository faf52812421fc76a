"""Schemes and KPI files as this installation has them, each read once per process and content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from scoring.scheme.check import check, check_weights
from scoring.scheme.load import parse
from scoring.scheme.types import Scheme
from survey.instrument.schema import Instrument as Compiled
from survey.instrument.schema import Text
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
class Loaded:
    """A scheme with the file it was read from (or that its version would be), its text and the SHA-256 of that."""

    scheme: Scheme
    path: Path
    checksum: str
    text: str


@dataclass(frozen=True, slots=True)
class LevelName:
    """A level as people say it."""

    level: int
    name: Text
    short: Text


def folders() -> Sequence[Path]:
    """Where schemes are kept; SCHEME_DIRS in the settings adds to the product's own."""
    return [FIXTURES / "schemes", *map(Path, settings.SCHEME_DIRS)]


def scheme_named(name: str) -> Loaded:
    """The scheme "<instrument>-<year>". Raises MissingScheme, FaultyScheme."""
    for folder in folders():
        for path in (folder / f"{name}-scheme.yaml", folder / f"{name}.yaml"):
            if _is_scheme(path):
                return _read(path)
    raise MissingScheme(name)


def scheme_of_year(year: int) -> Loaded:
    """The one scheme of a framework year. Raises MissingScheme, FaultyScheme."""
    for folder in folders():
        for path in sorted([*folder.glob(f"*-{year}.yaml"), *folder.glob(f"*-{year}-scheme.yaml")]):
            if _is_scheme(path):
                return _read(path)
    raise MissingScheme(str(year))


def scheme_for(instrument: Compiled) -> Loaded:
    """The scheme of an instrument, checked against it. Raises MissingScheme, FaultyScheme."""
    return checked(scheme_named(f"{instrument.key}-{instrument.year}"), instrument)


def checked(loaded: Loaded, instrument: Compiled) -> Loaded:
    """A scheme that fits the instrument. Raises FaultyScheme."""
    _checked(loaded.scheme, instrument, loaded.path)
    return loaded


def read_text(text: str, path: Path) -> Loaded:
    """The scheme of a text; `path` is what its faults name. Raises FaultyScheme."""
    scheme, faults = parse(text)
    if scheme is not None:
        faults = check_weights(scheme)
    if scheme is None or faults:
        raise FaultyScheme(path, faults)
    return Loaded(scheme, path, hashlib.sha256(text.encode()).hexdigest(), text)


@lru_cache(maxsize=64)
def _checked(scheme: Scheme, instrument: Compiled, path: Path) -> None:
    if faults := check(scheme, instrument):
        raise FaultyScheme(path, faults)


def _is_scheme(path: Path) -> bool:
    # An instrument may lie beside its scheme under the same name.
    try:
        stat = path.stat()
    except FileNotFoundError:
        return False
    return _says_scheme(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _says_scheme(path: Path, changed: int, size: int) -> bool:
    return re.search(r"^scheme:", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def _read(path: Path) -> Loaded:
    stat = path.stat()
    return _parsed(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _parsed(path: Path, changed: int, size: int) -> Loaded:
    return read_text(path.read_text(encoding="utf-8"), path)


@lru_cache(maxsize=1)
def level_names() -> dict[int, LevelName]:
    """The names of the levels."""
    data = yaml.safe_load((FIXTURES / "levels.yaml").read_text(encoding="utf-8"))
    return {row["level"]: LevelName(row["level"], Text(**row["name"]), Text(**row["short"])) for row in data["levels"]}
