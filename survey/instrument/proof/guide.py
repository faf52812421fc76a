"""Types of proof guides, and how a place inherits what is said above it. PURE.

A key of the file's `proof` is an address without row ids: ITEM, ITEM=OPTION, TABLE/ROW, TABLE/ROW/COLUMN,
TABLE/ROW/COLUMN=OPTION, or for every row TABLE/*/COLUMN and TABLE/*/COLUMN=OPTION.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

from dgready.localized_text import LocalizedText

if TYPE_CHECKING:
    from survey.instrument.schema import Item

ProofOrigin = Literal["form", "list", "dossier", "ours"]
ReferenceKind = Literal["law", "standard", "site"]
PROOF_ORIGINS = frozenset(get_args(ProofOrigin))
REFERENCE_KINDS = frozenset(get_args(ReferenceKind))


@dataclass(frozen=True, slots=True)
class ProofText:
    """One kind of document, and who says that it counts: DGA's form or its list, a province's papers, dgready."""

    text: LocalizedText
    origin: ProofOrigin

    @property
    def is_official(self) -> bool:
        """Whether DGA says so, on the form or in the assignment list."""
        return self.origin in ("form", "list")


@dataclass(frozen=True, slots=True)
class Reference:
    """A law, a standard or a site, with its exact name and its address."""

    key: str
    name: LocalizedText
    address: str
    kind: ReferenceKind


@dataclass(frozen=True, slots=True)
class ProofEntry:
    """What one key of the file says. None: nothing of that kind, so what is said above it holds."""

    accepts: tuple[ProofText, ...] | None = None
    rejects: tuple[ProofText, ...] | None = None
    example: LocalizedText | None = None
    links: tuple[Reference, ...] | None = None


@dataclass(frozen=True, slots=True)
class ProofGuide:
    """What counts as proof at one place. `example`: a sentence to look for in the document, always dgready's own."""

    accepts: tuple[ProofText, ...] = ()
    rejects: tuple[ProofText, ...] = ()
    example: LocalizedText = LocalizedText()
    links: tuple[Reference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.accepts)

    @property
    def official(self) -> tuple[ProofText, ...]:
        """The documents that DGA names."""
        return tuple(text for text in self.accepts if text.is_official)

    @property
    def seen(self) -> tuple[ProofText, ...]:
        """The documents that the sample province answered with."""
        return tuple(text for text in self.accepts if text.origin == "dossier")

    @property
    def advised(self) -> tuple[ProofText, ...]:
        """The documents that dgready advises."""
        return tuple(text for text in self.accepts if text.origin == "ours")


def without_row_ids(address: str) -> str:
    """The address with the ids of repeat rows left out, as the keys of the file are written."""
    head, equals, option = address.partition("=")
    if "#" in head:
        before, _, last = head.rpartition("#")
        inner = last.partition("/")[2]
        head = inner or before.rpartition("/")[2]
    return f"{head}{equals}{option}"


def inherited_keys(items: Mapping[str, Item], address: str) -> Iterator[str]:
    """The keys under which a place may be told of, the nearest first: its own, its row, column and item, then above."""
    place: str | None = without_row_ids(address)
    while place:
        yield from _keys_at(place)
        item = items.get(_item_of(place))
        if item is None:
            return
        place = item.opened_by or item.parent


def merge_entries(entries: Mapping[str, ProofEntry], keys: Iterator[str]) -> ProofGuide:
    """The guide of a place: of each part what the nearest key says."""
    found = [entries[key] for key in keys if key in entries]
    return ProofGuide(
        accepts=next((e.accepts for e in found if e.accepts is not None), ()),
        rejects=next((e.rejects for e in found if e.rejects is not None), ()),
        example=next((e.example for e in found if e.example is not None), LocalizedText()),
        links=next((e.links for e in found if e.links is not None), ()),
    )


def is_safe_address(address: str) -> bool:
    """Whether an address of a data file may be linked to: https, with a host, and nothing hidden in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not any(map(str.isspace, address))


def _keys_at(place: str) -> Iterator[str]:
    head, equals, option = place.partition("=")
    item, *cell = head.split("/")
    if len(cell) == 2:
        row, column = cell
        if equals:
            yield place
        yield head
        if equals:
            yield f"{item}/*/{column}={option}"
        yield from (f"{item}/{row}", f"{item}/*/{column}")
    elif equals:
        yield place
    yield item


def _item_of(place: str) -> str:
    return place.partition("=")[0].partition("/")[0]
