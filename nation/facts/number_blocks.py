"""Blocks of numbers and rows: sums over those that know them, satisfaction in bands, repeating groups. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from dgready.localized_text import LocalizedText
from nation.facts import sentences
from nation.facts.form_facts import NumberPair
from nation.facts.tally import (
    CENT,
    HUNDRED,
    Tally,
    answered,
    picked_by,
    section_of,
    share,
    sum_of,
    title_of,
    unanswered_note,
)
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from survey.instrument.schema import Item

# Satisfaction is told in bands of percent: lower bound of each, and the next one's.
BANDS: Final = ((0, 60), (60, 70), (70, 80), (80, 90), (90, 101))
_TOTAL: Final = LocalizedText("รวม", "Total")
_MEAN: Final = LocalizedText("เฉลี่ยต่อจังหวัด", "Mean per province")
_PART: Final = LocalizedText("ส่วนที่ใช่", "Of these")
_REST: Final = LocalizedText("ส่วนที่เหลือ", "The rest")
_KNOWN_NOTE: Final = LocalizedText(
    "รวมเฉพาะจังหวัดที่ทราบจำนวน “ไม่ทราบ” ไม่ใช่ 0", "Only provinces that know the number; “not known” is not 0."
)
_BOTH_NOTE: Final = LocalizedText("รวมเฉพาะจังหวัดที่ทราบทั้งสองจำนวน", "Only provinces that know both numbers.")
_BANDS_NOTE: Final = LocalizedText(
    "คะแนนที่ให้เป็นคะแนนเต็มอื่นคิดเป็นร้อยละก่อน", "Scores out of other full marks are turned into percent first."
)


def count_number(tally: Tally, item: Item) -> FactBlock | None:
    """A number: its sum and mean over those that know it, and the other answers of those asked."""
    said = answered(tally.answers(item.id))
    asked, answered_, others = _standing(tally, item)
    if not asked:
        return None
    total, n = sum_of(said), len(said)
    codes = tuple(said)
    rows = [FactRow("sum", _TOTAL, value=total, base=n, provinces=codes)]
    if n:
        rows.append(FactRow("mean", _MEAN, value=(total / n).quantize(CENT), base=n, provinces=codes))
    said_so = sentences.say_sum(total, item.unit, n)
    return _numbers(tally, item, asked, answered_, n, [*rows, *others], said_so, _KNOWN_NOTE if others else None)


def count_pair(tally: Tally, item: Item, pair: NumberPair) -> FactBlock | None:
    """A number that is a part of another: both sums over the provinces that know both."""
    parts, wholes = answered(tally.answers(pair.part.id)), answered(tally.answers(pair.whole.id))
    both = tuple(code for code in parts if code in wholes)
    asked, answered_, others = _standing(tally, item)
    if not asked:
        return None
    n = len(both)
    whole, part = (sum_of({code: some[code] for code in both}) for some in (wholes, parts))
    rows = [
        FactRow("whole", _TOTAL, value=whole, base=n, provinces=both),
        FactRow("part", _PART, percent=share(part, whole), value=part, base=n, provinces=both),
        FactRow("rest", _REST, percent=share(whole - part, whole), value=whole - part, base=n, provinces=both),
    ]
    said = sentences.say_part(rows[1], rows[0], item.unit, n)
    return _numbers(tally, item, asked, answered_, n, [*rows, *others], said, _BOTH_NOTE)


def _numbers(
    tally: Tally,
    item: Item,
    asked: int,
    answered_: int,
    n: int,
    rows: Sequence[FactRow],
    sentence: LocalizedText,
    note: LocalizedText | None,
) -> FactBlock:
    key, title = f"numbers.{item.id}", title_of(tally.instrument, item)
    told = sentences.join(note or LocalizedText(), unanswered_note(asked, answered_))
    return FactBlock(
        key,
        BlockKind.NUMBERS,
        section_of(item),
        title,
        asked,
        answered_,
        n,
        tuple(rows),
        sentence,
        ChartShape.NONE,
        told,
    )


def _standing(tally: Tally, item: Item) -> tuple[int, int, list[FactRow]]:
    """Asked, answered, and rows of the other answers ("not known") of the question that opens the number."""
    opener = tally.instrument.items.get(item.parent or "")
    own = tally.answers(item.id)
    if opener is None or opener.kind != "single" or opener.repeat:
        return len(own), len(answered(own)), []
    answers = tally.answers(opener.id)
    said = answered(answers)
    others = [o for o in opener.options if all(child.kind != "number" for child in o.then)]
    return (
        len(answers),
        len(said),
        [tally.row(o.key, o.label, picked_by(said, o.key), len(answers), tell_base=True) for o in others],
    )


def count_satisfaction(tally: Tally, opener: Item, ratios: Sequence[Item]) -> FactBlock | None:
    """How satisfied people are, province by province, in bands of percent."""
    asked, answered_, others = _standing(tally, ratios[0])
    values = dict(_ratios(tally, ratios))
    if not asked:
        return None
    n = len(values)
    rows = [
        tally.row(f"{low}-{high - 1}" if low else f"0-{high - 1}", _band_label(low, high), codes, n)
        for low, high in BANDS
        for codes in [[code for code, value in values.items() if low <= value < high]]
    ]
    note = sentences.join(_BANDS_NOTE, unanswered_note(asked, answered_))
    return FactBlock(
        f"satisfaction.{opener.id}",
        BlockKind.NUMBERS,
        section_of(opener),
        title_of(tally.instrument, opener),
        asked,
        answered_,
        n,
        (*rows, *others),
        sentences.say_choice(rows, n),
        ChartShape.BARS,
        note,
    )


def _ratios(tally: Tally, items: Sequence[Item]) -> Iterator[tuple[str, Decimal]]:
    """Percentages by province; points are turned into percent of full marks."""
    for item in items:
        pair = tally.form.pairs.get(item.id)
        wholes = tally.answers(pair.whole.id) if pair else {}
        for code, value in answered(tally.answers(item.id)).items():
            full = Decimal(str(wholes.get(code) or 0)) if pair else HUNDRED
            if full:
                yield code, Decimal(str(value)) * HUNDRED / full


def _band_label(low: int, high: int) -> LocalizedText:
    if not low:
        return LocalizedText(f"ต่ำกว่าร้อยละ {high}", f"below {high} %")
    top = min(high, int(HUNDRED))
    if top == HUNDRED:
        return LocalizedText(f"ร้อยละ {low} ถึง {top}", f"{low} to {top} %")
    return LocalizedText(f"ร้อยละ {low} ถึงไม่ถึง {top}", f"{low} to under {top} %")


def count_repeat(tally: Tally, item: Item) -> FactBlock:
    """A repeating group: rows in all, how many rows the provinces have, and what the fields of rows hold."""
    rows = tally.repeats(item.id)
    filled = [code for code, count in rows.items() if count]
    total = Decimal(sum(rows.values()))
    spread = [
        tally.row(str(n), LocalizedText(f"{n} รายการ", f"{n} entries" if n != 1 else "1 entry"), codes, len(rows))
        for n in range(max(rows.values(), default=-1) + 1)
        if (codes := [code for code, count in rows.items() if count == n])
    ]
    # How many rows an inner group has in all is not kept, so that its fields have counts without shares.
    fields = [
        r for child in _fields(item) for r in _inner_rows(tally, child, total if child.repeat == item.id else None)
    ]
    return FactBlock(
        f"repeats.{item.id}",
        BlockKind.REPEATS,
        section_of(item),
        title_of(tally.instrument, item),
        len(rows),
        len(filled),
        len(rows),
        (FactRow("total", _TOTAL, value=total, base=len(filled), provinces=tuple(filled)), *spread, *fields),
        sentences.say_repeats(total, [row for row in spread if row.key != "0"], len(filled)),
        ChartShape.BARS,
    )


def _fields(item: Item) -> Iterator[Item]:
    """The fields in the rows of a group, also of groups within it."""
    for child in item.descendants():
        if child.kind in ("single", "multi", "number", "repeat") and not child.own:
            yield child


def _inner_rows(tally: Tally, item: Item, total: Decimal | None) -> Iterator[FactRow]:
    """What a field holds over all rows: here rows are counted, not provinces."""
    held: dict[str, Any] = tally.inner(item.id)
    if item.kind in ("number", "repeat"):
        numbers = [Decimal(number) for some in held.values() for number in some]
        yield FactRow(
            f"{item.id}:sum", title_of(tally.instrument, item), value=sum(numbers, Decimal(0)), provinces=tuple(held)
        )
        return
    for option in item.options:
        codes = tuple(code for code, counts in held.items() if option.key in counts)
        count = sum(counts.get(option.key, 0) for counts in held.values())
        label = LocalizedText(f"{item.ask.th}: {option.label.th}", f"{item.ask.to('en')}: {option.label.to('en')}")
        percent, base = (None, None) if total is None else (share(count, total), int(total))
        yield FactRow(f"{item.id}:{option.key}", label, count, percent, base, provinces=codes)
