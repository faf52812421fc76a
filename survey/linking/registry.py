"""Finding the link file between two instruments, or into one; each file is parsed once per content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceError
from survey.linking.link_file import LinkHeader, parse_links, read_link_header
from survey.linking.links import YearLinks


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


def _link_files(folders: Iterable[Path]) -> Iterator[tuple[Path, str, LinkHeader]]:
    """Every file of links with its text and header. One that cannot be read is no fault of the others."""
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            try:
                header = read_link_header(text)
            except SourceError:
                continue
            yield path, text, header


def links_between(old: CompiledInstrument, new: CompiledInstrument) -> YearLinks:
    """The links from one form to the other. Raises MissingLinks, FaultyLinks."""
    wanted = (old.key, old.year), (new.key, new.year)
    for path, text, header in _link_files(link_folders()):
        if header.published or (header.old, header.new) != wanted:
            continue
        links, faults = _parse_cached(text, old, new)
        if links is None:
            raise FaultyLinks(path, faults)
        return links
    raise MissingLinks(f"{old.key} {old.year} → {new.key} {new.year}")


def links_into(new: CompiledInstrument) -> YearLinks | None:
    """The links into a form from the newest earlier year that has any, or None. No query; read once per process.

    The earlier side is taken as the file says it: `instrument links check` has checked it. A faulty file is left out.
    """
    return _links_into(tuple(link_folders()), new)


@lru_cache(maxsize=16)
def _links_into(folders: tuple[Path, ...], new: CompiledInstrument) -> YearLinks | None:
    files = [f for f in _link_files(folders) if f[2].new == (new.key, new.year) and f[2].old[1] < new.year]
    # Of the same year the form itself says more than the figures that were published of it.
    for _path, text, _header in sorted(files, key=lambda f: (f[2].old[1], not f[2].published), reverse=True):
        links, _faults = parse_links(text, None, new)
        if links is not None:
            return links
    return None


@lru_cache(maxsize=16)
def _parse_cached(
    text: str, old: CompiledInstrument, new: CompiledInstrument
) -> tuple[YearLinks | None, tuple[Fault, ...]]:
    links, faults = parse_links(text, old, new)
    return links, tuple(faults)
