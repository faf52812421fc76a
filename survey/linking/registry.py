"""Finding the links between two instruments, or into one: stored, else in a file; each is parsed once per content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceError
from survey.linking.link_file import LinkHeader, parse_links, read_link_header
from survey.linking.links import YearLinks
from survey.linking.stored import stored_links_into


class MissingLinks(LookupError):
    """No file links these two forms."""


class FaultyLinks(ValueError):
    """The file that links them has faults; `faults` lists them."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.faults = list(faults)


def link_folders() -> list[Path]:
    """Where links are kept; LINK_DIRS in the settings adds to the product's own."""
    return list(_folders(settings.BASE_DIR, tuple(settings.LINK_DIRS)))


@lru_cache(maxsize=16)
def _folders(base: Path, added: tuple[str | Path, ...]) -> tuple[Path, ...]:
    return Path(base) / "fixtures" / "links", *map(Path, added)


def list_link_files() -> list[tuple[Path, LinkHeader]]:
    """Every file of links of this installation with the forms it links."""
    return [(path, header) for path, _text, header in _link_files(link_folders())]


def _link_files(folders: Iterable[Path]) -> Iterator[tuple[Path, str, LinkHeader]]:
    """Every file of links with its text and header. One that cannot be read is no fault of the others."""
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            header = _read_header(text)
            if header is not None:
                yield path, text, header


@lru_cache(maxsize=64)
def _read_header(text: str) -> LinkHeader | None:
    """What a file says of itself; None for one that cannot be read."""
    try:
        return read_link_header(text)
    except SourceError:
        return None


def _stored_files(new: CompiledInstrument) -> tuple[tuple[Path, str, LinkHeader], ...]:
    """The published links into a form that the installation stores, as if they were files; none without a query."""
    return _read_stored_files(new.key, new.year, new.links_checksum) if new.links_checksum else ()


@lru_cache(maxsize=16)
def _read_stored_files(key: str, year: int, checksum: str) -> tuple[tuple[Path, str, LinkHeader], ...]:
    # The checksum is of all of these files, so what is kept here can never be stale.
    files = stored_links_into(key, year).values()
    return tuple((Path(file.file_name), file.text, read_link_header(file.text)) for file in files)


def _link_files_into(folders: Iterable[Path], new: CompiledInstrument) -> Iterator[tuple[Path, str, LinkHeader]]:
    """The links into a form: those stored, then the files between forms of which none are stored."""
    stored = _stored_files(new)
    yield from stored
    linked = {(header.old, header.published) for _path, _text, header in stored}
    for file in _link_files(folders):
        if file[2].new == (new.key, new.year) and (file[2].old, file[2].published) not in linked:
            yield file


def links_between(old: CompiledInstrument, new: CompiledInstrument) -> YearLinks:
    """The links from one form to the other. Raises MissingLinks, FaultyLinks."""
    for path, text, header in _link_files_into(link_folders(), new):
        if header.published or header.old != (old.key, old.year):
            continue
        links, faults = _parse_cached(text, old, new)
        if links is None:
            raise FaultyLinks(path, faults)
        return links
    raise MissingLinks(f"{old.key} {old.year} → {new.key} {new.year}")


def links_into(new: CompiledInstrument) -> YearLinks | None:
    """The links into a form from the newest earlier year that has any, or None. Read once per process and checksum.

    The earlier side is taken as the file says it: `instrument links check` has checked it. A faulty file is left out.
    """
    return _links_into(_folders(settings.BASE_DIR, tuple(settings.LINK_DIRS)), new)


@lru_cache(maxsize=16)
def _links_into(folders: tuple[Path, ...], new: CompiledInstrument) -> YearLinks | None:
    files = [f for f in _link_files_into(folders, new) if f[2].old[1] < new.year]
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
