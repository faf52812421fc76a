"""Which defined terms the pages of a form use: found by the words of a term in what the page asks. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from survey.instrument.schema import CompiledInstrument, Definition, Item, LocalizedText, Option


def used_definitions(definitions: Sequence[Definition], texts: Iterable[LocalizedText]) -> tuple[Definition, ...]:
    """The definitions of the terms that texts use, in the order of the file."""
    if not definitions:
        return ()
    said = "\n".join(text.th for text in texts)
    return tuple(d for d in definitions if any(word in said for word in d.words))


def first_used_definitions(instrument: CompiledInstrument) -> dict[str, tuple[Definition, ...]]:
    """By section, the definitions of the terms that it is the first to use: a paper prints each once."""
    found: dict[str, tuple[Definition, ...]] = {}
    printed: set[str] = set()
    for section in instrument.sections:
        new = tuple(d for d in section.definitions if d.key not in printed)
        printed |= {d.key for d in new}
        found[section.id] = new
    return found


def texts_below(items: Iterable[Item]) -> Iterator[LocalizedText]:
    """Every text of items and of all that belongs to them."""
    for item in items:
        yield from item_texts(item)
        for below in item.descendants():
            yield from item_texts(below)


def item_texts(item: Item) -> Iterator[LocalizedText]:
    """Every text of an item itself: what it asks, its help, its options, rows and columns."""
    yield from (item.ask, item.help, item.unit)
    yield from _option_texts(item.options)
    for row in item.rows:
        yield from (row.label, row.help)
    for column in item.columns:
        yield column.label
        yield from _option_texts(column.options)


def _option_texts(options: tuple[Option, ...]) -> Iterator[LocalizedText]:
    for option in options:
        yield from (option.label, option.help)
