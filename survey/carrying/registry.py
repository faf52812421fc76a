"""The link files as this installation has them, each read once per content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from survey.carrying.links import Links, head, parse
from survey.instrument.schema import Instrument
from survey.instrument.source import Fault, SourceError


class MissingLinks(LookupError):
    """No file links these two forms."""


class FaultyLinks(ValueError):
    """The file that links them has faults; `faults` lists them."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.faults = list(faults)


def folders() -> list[Path]:
    """Where links are kept; LINK_DIRS in the settings adds to the product's own."""
    return [Path(settings.BASE_DIR) / "fixtures" / "links", *map(Path, settings.LINK_DIRS)]


def _files() -> Iterator[Path]:
    for folder in folders():
        yield from sorted(folder.glob("*.yaml"))


def links_between(old: Instrument, new: Instrument) -> Links:
    """The links from one form to the other. Raises MissingLinks, FaultyLinks."""
    wanted = (old.key, old.year), (new.key, new.year)
    for path in _files():
        text = path.read_text(encoding="utf-8")
        try:
            if head(text) != wanted:
                continue
        except SourceError:
            continue  # another year's file that cannot be read is no fault of this one
        links, faults = _parsed(text, old, new)
        if links is None:
            raise FaultyLinks(path, faults)
        return links
    raise MissingLinks(f"{old.key} {old.year} → {new.key} {new.year}")


@lru_cache(maxsize=16)
def _parsed(text: str, old: Instrument, new: Instrument) -> tuple[Links | None, tuple[Fault, ...]]:
    links, faults = parse(text, old, new)
    return links, tuple(faults)
