"""The block of who picked everything that a question offers, where its form says to tell that. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts.tally import Answers, Tally, as_list, section_of, share, title_of
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from survey.instrument.addresses import cell_address
from survey.instrument.schema import Item, Option

ALL: Final = "all"  # the key of the row of those who picked everything
_TITLE: Final = LocalizedText("{title} (ครบทุกเรื่อง)", "{title} (everything)")
_LABEL: Final = LocalizedText("ครบทุกเรื่อง", "Everything")
_SAID: Final = LocalizedText(
    "ครบทุกเรื่อง {count} จาก {n} จังหวัด (ร้อยละ {percent})", "Everything: {count} of {n} provinces ({percent} %)"
)
_NOBODY: Final = LocalizedText("ไม่มีจังหวัดที่ถูกถามข้อนี้", "No province was asked this.")


def count_complete(tally: Tally, item: Item) -> FactBlock:
    """Who picked every option of a choice of several; of a table, in each of its rows and in all of them."""
    fields = list(_fields(tally, item))
    asked = {code for _label, answers, _keys in fields for code in answers}
    full = [(label, _complete(answers, keys)) for label, answers, keys in fields]
    rows = [tally.row(str(at), label, sorted(codes), len(asked)) for at, (label, codes) in enumerate(full, 1)]
    everything = asked.intersection(*(codes for _label, codes in full))
    last = tally.row(ALL, _LABEL, sorted(everything), len(asked))
    said = _NOBODY
    if asked:
        said = _SAID.filled(count=last.count, n=len(asked), percent=share(len(everything), len(asked)))
    shown: tuple[FactRow, ...] = (*rows, last) if item.kind == "table" else (last,)
    answered = {code for _label, answers, _keys in fields for code, value in answers.items() if value}
    return FactBlock(
        f"complete.{item.id}",
        BlockKind.SEVERAL,
        section_of(item),
        _TITLE.filled(title=title_of(tally.instrument, item)),
        len(asked),
        len(answered),
        len(asked),
        shown,
        said,
        ChartShape.BARS,
    )


def _fields(tally: Tally, item: Item) -> Iterator[tuple[LocalizedText, Answers, frozenset[str]]]:
    """The choices of several: the item itself, or the cells of a table; each with the options that make it complete."""
    if item.kind == "multi":
        yield _LABEL, tally.answers(item.id), _keys(item.by_key)
        return
    for key, row in item.answer_rows:
        for column in item.columns:
            if column.kind == "multi":
                yield row.label, tally.cells(cell_address(item.id, key, column.key)), _keys(column.by_key)


def _keys(options: Mapping[str, Option]) -> frozenset[str]:
    return frozenset(key for key, option in options.items() if not option.exclusive and not option.own)


def _complete(answers: Answers, keys: frozenset[str]) -> set[str]:
    return {code for code, value in answers.items() if keys <= set(as_list(value))}
