"""All blocks of the national report, from the contributions of the provinces and the compiled form. PURE.

The order is that of the report: who answered, levels, then pillar by pillar its levels and its questions in the order
of the form, and the advice for the weakest sub-pillars. Which block a question gets follows from the kind of its item.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts.choice_blocks import count_multi, count_single, count_table, count_years
from nation.facts.complete_blocks import count_complete
from nation.facts.level_blocks import LevelCounter, weakness
from nation.facts.number_blocks import count_number, count_pair, count_repeat, count_satisfaction
from nation.facts.reason_blocks import count_reasons
from nation.facts.tally import GENERAL, Picked, Tally, share
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from survey.instrument.schema import Item

ADVISED: Final = 5  # sub-pillars that get advice, weakest first
_RATES_TITLE: Final = LocalizedText("การตอบแบบสำรวจ", "Response")
_RATES: Final = LocalizedText(
    "ตอบแล้ว {answered} จาก {invited} จังหวัด (ร้อยละ {percent}) นับในรายงานนี้ {counted} จังหวัด",
    "{answered} of {invited} provinces answered ({percent} %); {counted} are counted in this report.",
)
_ADVICE_TITLE: Final = LocalizedText("ข้อเสนอแนะตามตัวชี้วัดย่อยที่อ่อนที่สุด", "Recommendations by the weakest sub-pillars")
_EXAMPLES: Final = LocalizedText("ตัวอย่าง: {title}", "Examples: {title}")
Advice = Callable[[str, int], Sequence[LocalizedText]]  # (sub-pillar, level) → what raises it


@dataclass(frozen=True, slots=True)
class Rates:
    """Who was asked and how far they are: provinces by state ("answered", "open", "none"), with the label of each."""

    invited: int
    states: Mapping[str, tuple[LocalizedText, tuple[str, ...]]]
    answered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What is told beside the answers: names of levels, codes and examples, advice by sub-pillar and level."""

    level_names: Mapping[int, LocalizedText]
    picked: Picked = field(default_factory=Picked)
    advice: Advice = lambda code, level: ()


def sum_up(tally: Tally, rates: Rates, given: Given) -> tuple[FactBlock, ...]:
    """All blocks, in the order of the report."""
    counter = LevelCounter(tally, given.level_names)
    by_section: dict[str, list[FactBlock]] = {}
    for block in _count_items(tally, given.picked):
        by_section.setdefault(block.section, []).append(block)
    blocks = [count_rates(tally, rates), *counter.blocks_in_front(), *by_section.pop(GENERAL, [])]
    for pillar in tally.instrument.pillars:
        if pillar.scored:
            blocks += counter.blocks_of_pillar(pillar.number, pillar.name)
        blocks += by_section.pop(pillar.number, [])
    return (*blocks, *_advise(tally, counter, given.advice))


def count_rates(tally: Tally, rates: Rates) -> FactBlock:
    """Who answered, of those asked."""
    rows = [
        FactRow(
            "answered",
            LocalizedText("ตอบแล้ว", "Answered"),
            len(rates.answered),
            share(len(rates.answered), rates.invited),
            provinces=rates.answered,
        ),
        *(
            FactRow(key, label, len(codes), share(len(codes), rates.invited), provinces=codes)
            for key, (label, codes) in rates.states.items()
        ),
    ]
    percent = rows[0].percent or 0
    said = _RATES.filled(answered=len(rates.answered), invited=rates.invited, percent=percent, counted=tally.provinces)
    n = rates.invited
    return FactBlock(
        "rates", BlockKind.RATES, "", _RATES_TITLE, n, len(rates.answered), n, tuple(rows), said, ChartShape.BARS
    )


def _count_items(tally: Tally, picked: Picked) -> Iterator[FactBlock]:
    for item in tally.instrument.items.values():
        if item.own or item.repeat:
            continue  # what is in the rows of a repeat is told with it
        for block in _blocks_of(tally, item, picked):
            if block is None or not (block.asked or block.rows):
                continue
            yield block
            if examples := picked.examples.get(block.key):
                yield _examples(block, examples)


def _blocks_of(tally: Tally, item: Item, picked: Picked) -> Iterator[FactBlock | None]:
    """The blocks of an item, by its kind."""
    form = tally.form
    if item.kind == "single":
        yield count_single(tally, item)
        if source := form.reasons.get(item.id):
            yield count_reasons(tally, source, picked.reasons)
        if ratios := _ratios_of(tally, item):
            yield count_satisfaction(tally, item, ratios)
    elif item.kind == "multi" and not _is_list_of_reasons(tally, item):
        yield count_multi(tally, item)
    elif item.kind == "table":
        yield count_table(tally, item)
    elif item.kind == "month_year":
        yield count_years(tally, item)
    elif item.kind == "number" and (pair := form.pairs.get(item.id)) and not form.is_ratio(item):
        yield count_pair(tally, item, pair)
    elif item.kind == "number" and not _is_ratio_part(tally, item):
        yield count_number(tally, item)
    elif item.kind == "repeat":
        yield count_repeat(tally, item)
    if item.tell_complete:
        yield count_complete(tally, item)


def _ratios_of(tally: Tally, item: Item) -> list[Item]:
    """The percentages and points that answers to a question open: told in one block of bands."""
    opened = [child for option in item.options for child in option.then]
    return [child for child in opened if child.kind == "number" and tally.form.is_ratio(child)]


def _is_ratio_part(tally: Tally, item: Item) -> bool:
    """Whether a number is a percentage, points, or the full marks of points."""
    form = tally.form
    return form.is_ratio(item) or any(pair.whole is item and form.is_ratio(pair.part) for pair in form.pairs.values())


def _is_list_of_reasons(tally: Tally, item: Item) -> bool:
    """Whether a choice is one of reasons for "none", which the block of reasons tells."""
    return any(source.listed is item for source in tally.form.reasons.values())


def _examples(block: FactBlock, texts: Collection[LocalizedText]) -> FactBlock:
    """Examples that were picked for publication, without the names of who wrote them."""
    rows = tuple(FactRow(str(at), text) for at, text in enumerate(texts, 1))
    return replace(
        block,
        key=f"examples.{block.key}",
        kind=BlockKind.EXAMPLES,
        title=_EXAMPLES.filled(title=block.title),
        rows=rows,
        sentence=LocalizedText(),
        shape=ChartShape.NONE,
    )


def _advise(tally: Tally, counter: LevelCounter, advice: Advice) -> Iterator[FactBlock]:
    """What raises the weakest sub-pillars, at the level where most of the provinces are that are below the highest."""
    subs = [s for p in tally.instrument.pillars if p.scored for s in counter.sub_pillars(p.number)]
    weakest = sorted(subs, key=lambda sub: weakness(counter, sub.code), reverse=True)[:ADVISED]
    rows = []
    for sub in weakest:
        spread = counter.rows(sub.code, "")
        at = max(spread, key=lambda row: row.count or 0)
        texts = advice(sub.code, int(at.key))
        parts = tuple(FactRow(f"{sub.code}:{n}", text) for n, text in enumerate(texts, 1))
        if parts:
            rows.append(
                FactRow(
                    sub.code,
                    sub.name,
                    at.count,
                    at.percent,
                    len(tally.levels(sub.code)),
                    at.value,
                    at.provinces,
                    parts=parts,
                )
            )
    if rows:
        yield FactBlock(
            "advice",
            BlockKind.ADVICE,
            "",
            _ADVICE_TITLE,
            tally.provinces,
            tally.provinces,
            tally.provinces,
            tuple(rows),
            LocalizedText(),
            ChartShape.NONE,
        )
