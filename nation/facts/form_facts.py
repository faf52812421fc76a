"""What the national report needs to know of a form: reasons for "none", numbers that belong together, due dates. PURE.

Read from the data of the form (option keys, what an option opens, what asks for evidence, its checks), so that another
year needs no code. Nothing here looks at a label or at a place in a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from survey.answering.option_layout import NEGATIVE_KEYS
from survey.instrument.schema import CompiledInstrument, Item, Option

PERCENT_LIMIT: Final = "100"  # a number that a check holds to this is a percentage


@dataclass(frozen=True, slots=True, eq=False)
class ReasonSource:
    """Where the reasons of those who answered "none" to `question` stand.

    `text`: a free text; `listed`: a choice of reasons, whose own free texts are by option in `others`.
    """

    question: Item
    option: Option
    text: Item | None = None
    listed: Item | None = None
    others: Mapping[str, Item] | None = None

    @property
    def texts(self) -> tuple[Item, ...]:
        """The items in which a reason is written freely."""
        return (self.text,) if self.text else tuple((self.others or {}).values())


@dataclass(frozen=True, slots=True, eq=False)
class NumberPair:
    """Two numbers of which the form's checks say that one is a part of the other."""

    part: Item
    whole: Item


@dataclass(frozen=True, slots=True, eq=False)
class FormFacts:
    """`reasons` by question; `pairs` by the item that is the part; `percentages`: numbers that are a percentage."""

    reasons: Mapping[str, ReasonSource]
    pairs: Mapping[str, NumberPair]
    percentages: frozenset[str]
    reason_items: Mapping[str, ReasonSource]

    def is_ratio(self, item: Item) -> bool:
        """Whether a number says how well something did: a percentage, or points out of full marks."""
        pair = self.pairs.get(item.id)
        return item.id in self.percentages or (pair is not None and _opened_together(pair))


@lru_cache(maxsize=16)
def read_form_facts(instrument: CompiledInstrument) -> FormFacts:
    """The facts of a form, read once per compiled instrument."""
    sources = [source for item in instrument.items.values() if (source := _reason_source(item))]
    pairs, percentages = _numbers(instrument)
    return FormFacts(
        {source.question.id: source for source in sources},
        pairs,
        percentages,
        {text.id: source for source in sources for text in source.texts},
    )


def negative_option_of(item: Item) -> Option | None:
    """The option of a single choice that says "nothing of this kind"; None where there is none, or it is not clear.

    By its key; else it is the one option that opens nothing but a text, while every other one leads to evidence.
    """
    if item.kind != "single":
        return None
    named = [option for option in item.options if option.key in NEGATIVE_KEYS]
    if named:
        return named[0]
    bare = [option for option in item.options if option.then and not _leads_to_evidence(option)]
    silent = [option for option in bare if all(child.kind == "text" for child in option.then)]
    if len(item.options) > 1 and len(silent) == 1:
        others = (option for option in item.options if option is not silent[0])
        return silent[0] if all(_leads_to_evidence(option) for option in others) else None
    return None


def negative_keys(options: Sequence[Option]) -> list[str]:
    """The keys among these options that say "nothing of this kind"."""
    return [option.key for option in options if option.key in NEGATIVE_KEYS]


def _leads_to_evidence(option: Option) -> bool:
    if option.evidence != "none":
        return True
    return any(_asks_evidence(item) for child in option.then for item in (child, *child.descendants()))


def _asks_evidence(item: Item) -> bool:
    return item.evidence != "none" or any(option.evidence != "none" for option in item.options)


def _reason_source(item: Item) -> ReasonSource | None:
    option = None if item.repeat else negative_option_of(item)
    if option is None:
        return None
    for child in option.then:
        if child.kind == "text":
            return ReasonSource(item, option, text=child)
        if child.kind == "multi":
            return ReasonSource(item, option, listed=child, others=dict(_free_texts(child)))
    return None


def _free_texts(listed: Item) -> Iterator[tuple[str, Item]]:
    for option in listed.options:
        for child in option.then:
            if child.kind == "text":
                yield option.key, child


def _numbers(instrument: CompiledInstrument) -> tuple[dict[str, NumberPair], frozenset[str]]:
    """Pairs and percentages by the checks "this one is at most that one"."""
    pairs: dict[str, NumberPair] = {}
    percentages: set[str] = set()
    for check in instrument.checks:
        low, high = _at_most(check.condition.tree)
        part = _number(instrument, low)
        if part is None:
            continue
        if str(high) == PERCENT_LIMIT:
            percentages.add(part.id)
        elif whole := _number(instrument, high):
            pairs[part.id] = NumberPair(part, whole)
    return pairs, frozenset(percentages)


def _at_most(tree: Any) -> tuple[Any, Any]:
    """The two sides of a check that is one comparison, else nothing."""
    if isinstance(tree, dict) and isinstance(sides := tree.get("le"), list):
        return sides[0], sides[1]
    return None, None


def _number(instrument: CompiledInstrument, operand: Any) -> Item | None:
    """The number item outside repeats that an operand names."""
    address = operand.get("answer") if isinstance(operand, dict) else None
    item = instrument.items.get(str(address))
    return item if item is not None and item.kind == "number" and not item.repeat else None


def _opened_together(pair: NumberPair) -> bool:
    """Points and full marks are given with one answer; a number and its whole are two questions."""
    return (pair.part.parent, pair.part.opened_by) == (pair.whole.parent, pair.whole.opened_by)
