"""Answer values: parsing a posted card, dropping empty repeat rows, formatting for display. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dgready.thai import BE_OFFSET
from survey.instrument.addresses import cell_address, item_id_of, repeat_row_address
from survey.instrument.cleaners import TEXT_FORMATS, InvalidValue, clean_value, first_text, valid_row_ids
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, LocalizedText, TableColumn

PostedFields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class InvalidField:
    """A posted field whose value is invalid: what was typed and why it was refused."""

    address: str
    raw: tuple[str, ...]
    reason: str
    explanation: LocalizedText

    def message(self, language: str = "th") -> str:
        """The reason as a sentence in a language ("th" or "en")."""
        return self.explanation.to(language)


def parse_posted_card(question: Item, submitted: PostedFields) -> tuple[dict[str, AnswerValue], list[InvalidField]]:
    """Parse a posted question card: its valid values by address, and its invalid fields. Unknown names are ignored."""
    values: dict[str, AnswerValue] = {}
    invalid: list[InvalidField] = []
    for address, owner in card_fields(question, "", submitted):
        raw = [text for text in submitted.get(address, ()) if isinstance(text, str)]
        try:
            value = clean_value(owner, raw)
        except InvalidValue as error:
            invalid.append(InvalidField(address, tuple(raw), error.reason, error.explanation))
            continue
        if value:
            values[address] = value
    return values, invalid


def restated_values(question: Item, submitted: PostedFields, values: Mapping[str, AnswerValue]) -> dict[str, str]:
    """The values of one-line fields that are stored otherwise than they were typed, by address: to be shown."""
    differing = {
        address: value
        for address, value in values.items()
        if isinstance(value, str) and value != first_text(submitted.get(address, ())).strip()
    }
    if not differing:
        return {}
    read = {a for a, owner in card_fields(question, "", submitted) if a in differing and _is_read_field(owner)}
    return {address: value for address, value in differing.items() if address in read}


def _is_read_field(owner: Item | TableColumn) -> bool:
    """Whether what is typed into the field is read, so that it may be stored in another spelling."""
    return owner.kind in ("number", "url") or getattr(owner, "format", None) in TEXT_FORMATS


def card_fields(item: Item, prefix: str, submitted: PostedFields) -> Iterator[tuple[str, Item | TableColumn]]:
    """Every field of a card with its address, repeat rows as they were posted."""
    address = prefix + item.id
    if item.kind == "table":
        for key, _ in item.answer_rows:
            yield from ((cell_address(address, key, c.key), c) for c in item.columns)
    elif item.kind != "group":
        yield address, item
    if item.kind == "repeat":
        for row_id in valid_row_ids(submitted.get(address, ()))[: item.max_rows]:
            for child in item.items:
                yield from card_fields(child, repeat_row_address(address, row_id) + "/", submitted)
        return
    for child in item.children:
        if child.question == item.question or item.kind == "group":
            yield from card_fields(child, prefix, submitted)


def drop_empty_rows(values: Mapping[str, AnswerValue], items: Mapping[str, Item]) -> dict[str, AnswerValue]:
    """Drop repeat rows without any value, and values of rows that are not listed. `items`: of the form, by id.

    Only the form tells a list of rows from picked options: the key of an option may look like the id of a row.
    """
    kept = dict(values)
    repeats = (a for a, v in values.items() if isinstance(v, list) and _is_repeat(items.get(item_id_of(a))))
    # Innermost repeats first: a row whose only content was an empty inner row is empty too.
    for address in sorted(repeats, key=len, reverse=True):
        rows = [row for row in kept[address] if any(other.startswith(f"{address}#{row}/") for other in kept)]
        if rows:
            kept[address] = rows
        else:
            del kept[address]
    return {address: value for address, value in kept.items() if _is_in_listed_rows(address, kept)}


def _is_repeat(item: Item | None) -> bool:
    return item is not None and item.kind == "repeat"


def _is_in_listed_rows(address: str, values: Mapping[str, AnswerValue]) -> bool:
    hash_index = address.find("#")
    while hash_index >= 0:
        row_end = address.find("/", hash_index)
        row = address[hash_index + 1 : row_end if row_end >= 0 else None]
        if row not in values.get(address[:hash_index], ()):
            return False
        hash_index = address.find("#", hash_index + 1)
    return True


def format_value(owner: Item | TableColumn, value: AnswerValue | None, language: str = "th") -> str:
    """Format a value for display: option labels, Buddhist-era month and year, or the text itself."""
    if value is None:
        return ""
    if owner.kind in ("single", "multi"):
        keys = value if isinstance(value, list) else [value]
        return ", ".join(owner.by_key[k].title.to(language) if k in owner.by_key else k for k in keys)
    if owner.kind == "month_year" and isinstance(value, str):
        return f"{value[5:]}/{int(value[:4]) + BE_OFFSET}"
    return ", ".join(value) if isinstance(value, list) else value


def item_or_column_at(instrument: CompiledInstrument, address: str) -> Item | TableColumn | None:
    """The item or table column that an answer address belongs to, or None."""
    item = instrument.items.get(item_id_of(address))
    if item is None or item.kind != "table":
        return item
    return next((c for c in item.columns if c.key == address.rsplit("/", 1)[-1]), None)
