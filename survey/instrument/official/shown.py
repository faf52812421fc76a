"""Official wordings as a page shows them: looked up by place, left out where ours say the same, doubts marked. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.instrument.official.places import OfficialPlace, row_part
from survey.instrument.schema import Item, Option, TableColumn, TableRow

# What a paper says of the act of answering; the page has a control for it.
_ACTS = re.compile(
    r"\(แนบ\s?(?:เอกสาร)?\s?หลักฐาน[^)]*\)|\(ข้ามไป[^)]*\)|\((?:สามารถ)?(?:ตอบ|เลือก)ได้มากกว่า[^)]*\)|…|โปรดระบุ|ระบุ"
)
_NOT_LETTERS = re.compile(r"[^\w\u0e30-\u0e4e]+|_")


@dataclass(frozen=True, slots=True)
class OfficialTextShown:
    """A wording with its doubtful stretches; `label` says whose wording it is where several stand together."""

    text: str
    doubts: tuple[tuple[int, int], ...] = ()
    label: str = ""

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is doubtful."""
        last = 0
        for start, end in self.doubts:
            yield self.text[last:start], False
            yield self.text[start:end], True
            last = end
        yield self.text[last:], False


class OfficialTexts:
    """The official wordings of an instrument."""

    def __init__(self, texts: Mapping[OfficialPlace, OfficialTextShown]) -> None:
        self.texts = texts

    def __bool__(self) -> bool:
        return bool(self.texts)

    def of_question(self, item: Item) -> list[OfficialTextShown]:
        """The wording of an item and the paper's notes to it."""
        places = (OfficialPlace("question", item.id), OfficialPlace("note", item.id))
        return [text for place in places if (text := self._other(place, item.ask.th))]

    def of_repeat(self, item: Item) -> list[OfficialTextShown]:
        """The wordings of a repeat and of what it repeats, together: they would stand in every row."""
        inner = [
            text
            for child in item.descendants()
            for text in (*self.of_question(child), *self.of_options(child, child.options))
        ]
        return self.of_question(item) + inner

    def of_option(self, item: Item, option: Option) -> list[OfficialTextShown]:
        """The wording of an option."""
        text = self._other(OfficialPlace("option", item.id, option.key), option.label.th)
        return [text] if text else []

    def of_options(self, item: Item, options: tuple[Option, ...]) -> list[OfficialTextShown]:
        """The wordings of options that stand on one line, each with our label before it."""
        return [
            OfficialTextShown(text.text, text.doubts, option.label.th)
            for option in options
            for text in self.of_option(item, option)
        ]

    def of_row(self, item: Item, row: TableRow) -> list[OfficialTextShown]:
        """The wording of a table row and the paper's notes to it."""
        part = row_part(item.rows.index(row), row.key)
        places = (OfficialPlace("row", item.id, part), OfficialPlace("note", item.id, part))
        return [text for place in places if (text := self._other(place, row.label.th))]

    def of_columns(self, item: Item) -> list[OfficialTextShown]:
        """The wordings of a table's columns and their options, each with our label before it.

        They stand before the table: its head is not shown on a small screen.
        """
        return [text for column in item.columns for text in self._of_column(item, column)]

    def _of_column(self, item: Item, column: TableColumn) -> Iterator[OfficialTextShown]:
        whose = column.label.th
        if text := self._other(OfficialPlace("column", item.id, column.key), whose):
            yield OfficialTextShown(text.text, text.doubts, whose)
        for option in column.options:
            place = OfficialPlace("option", item.id, f"{column.key}={option.key}")
            if text := self._other(place, option.label.th):
                label = option.label.th if len(item.columns) == 1 else f"{whose}: {option.label.th}"
                yield OfficialTextShown(text.text, text.doubts, label)

    def definition(self, section: str) -> OfficialTextShown | None:
        """The definition that holds on a page."""
        return self.texts.get(OfficialPlace("definition", section))

    def _other(self, place: OfficialPlace, ours: str) -> OfficialTextShown | None:
        """The wording of a place, unless ours is the same."""
        text = self.texts.get(place)
        return None if text is None or (place.kind != "note" and same_wording(ours, text.text)) else text


def same_wording(ours: str, official: str) -> bool:
    """Whether our wording says what the paper says, apart from spaces, signs and how to answer."""
    return _letters(ours) == _letters(official)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", _ACTS.sub("", text)).lower()
