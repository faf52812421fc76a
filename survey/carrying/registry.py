"""Finding the link file between two instruments; each file is parsed once per content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from survey.carrying.link_file import parse_links, read_link_header
from survey.carrying.links import YearLinks
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceError


class MissingLinks(LookupError):
    """No file links these two forms."""


class FaultyLinks(ValueError):
    """The file that links them has faults; `faults` lists them."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.faults = list(faults)


def link_folders() -> list[Path]:
    """Where links are kept; LINK_DIRS in the settings adds to the product's own."""
    return [Path(settings.BASE_DIR) / "fixtures" / "links", *map(Path, settings.LINK_DIRS)]


def _link_files() -> Iterator[Path]:
    for folder in link_folders():
        yield from sorted(folder.glob("*.yaml"))


def links_between(old: CompiledInstrument, new: CompiledInstrument) -> YearLinks:
    """The links from one form to the other. Raises MissingLinks, FaultyLinks."""
    wanted = (old.key, old.year), (new.key, new.year)
    for path in _link_files():
        text = path.read_text(encoding="utf-8")
        try:
            if read_link_header(text) != wanted:
                continue
        except SourceError:
            continue  # another year's file that cannot be read is no fault of this one
        links, faults = _parse_cached(text, old, new)
        if links is None:
            raise FaultyLinks(path, faults)
        return links
    raise MissingLinks(f"{old.key} {old.year} → {new.key} {new.year}")


@lru_cache(maxsize=16)
def _parse_cached(
    text: str, old: CompiledInstrument, new: CompiledInstrument
) -> tuple[YearLinks | None, tuple[Fault, ...]]:
    links, faults = parse_links(text, old, new)
    return links, tuple(faults)
