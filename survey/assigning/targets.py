"""Targets of assignments (a sub-pillar, a question, one item of a question) and what they cover. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from dgready.thai import fold_text
from dgready.typed.characters import fold_typed
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item, LocalizedText


@dataclass(frozen=True, slots=True, order=True)
class AssignmentTarget:
    """A sub-pillar by code, or a question by id, or with `item` one part of that question."""

    sub_pillar: str = ""
    question: str = ""
    item: str = ""

    def __str__(self) -> str:
        return self.item or self.question or self.sub_pillar


class UnknownTarget(LookupError):
    """No sub-pillar, question or part goes by that name; `say` tells why."""

    def __init__(self, say: LocalizedText) -> None:
        super().__init__(say.en)
        self.say = say


UNKNOWN = LocalizedText("ไม่พบตัวชี้วัด ข้อ หรือส่วนของข้อชื่อ “{name}”", "No sub-pillar, question or part is named “{name}”")
EMPTY = LocalizedText("“{name}” ไม่มีข้อคำถามในแบบสำรวจ", "“{name}” has no questions in the form")
TWICE = LocalizedText(
    "รหัส “{name}” มีมากกว่าหนึ่งข้อ โปรดใช้ {ids}", "More than one item has the code “{name}”; use one of {ids}"
)


def find_targets(instrument: CompiledInstrument, name: str) -> tuple[AssignmentTarget, ...]:
    """The targets a name means: a sub-pillar's code, a pillar's number, an item's id or its printed code.

    A pillar stands for its sub-pillars, a heading for its questions. Raises UnknownTarget.
    """
    key = _name_key(name)
    named = _targets_by_name(instrument).get(key, ())
    if not named:
        empty = key in {_name_key(s) for s in instrument.sub_pillars}
        raise UnknownTarget(_with_names(EMPTY if empty else UNKNOWN, name=name.strip()))
    if isinstance(named[0], Item):
        ids = ", ".join(i.id for i in named if isinstance(i, Item))
        raise UnknownTarget(_with_names(TWICE, name=name.strip(), ids=ids))
    return tuple(t for t in named if isinstance(t, AssignmentTarget))


def _name_key(name: str) -> str:
    return fold_text(fold_typed(name)).replace(" ", "").removesuffix(".x")


def _with_names(text: LocalizedText, **names: str) -> LocalizedText:
    return LocalizedText(text.th.format(**names), text.en.format(**names))


@lru_cache(maxsize=16)
def _targets_by_name(instrument: CompiledInstrument) -> dict[str, tuple[AssignmentTarget, ...] | tuple[Item, ...]]:
    """Every name with its targets; for a code that several items have, those items."""
    coded: dict[str, list[Item]] = {}
    for item in instrument.items.values():
        if item.code and item_targets(instrument, item):
            coded.setdefault(_name_key(item.code), []).append(item)
    targets: dict[str, tuple[AssignmentTarget, ...] | tuple[Item, ...]] = {
        code: item_targets(instrument, items[0]) if len(items) == 1 else tuple(items) for code, items in coded.items()
    }
    targets |= {_name_key(i.id): t for i in instrument.items.values() if (t := item_targets(instrument, i))}
    for pillar in instrument.pillars:
        subs = tuple(
            AssignmentTarget(s.code)
            for s in pillar.sub_pillars
            if not s.parent and covered_questions(instrument, AssignmentTarget(s.code))
        )
        if subs:
            targets[_name_key(pillar.number)] = subs
    for code in instrument.sub_pillars:
        if covered_questions(instrument, AssignmentTarget(code)):
            targets[_name_key(code)] = (AssignmentTarget(code),)
    return targets


def item_targets(instrument: CompiledInstrument, item: Item) -> tuple[AssignmentTarget, ...]:
    """The targets of an item: itself, or for a heading the questions below it."""
    if item.question == item.id:
        return (AssignmentTarget(question=item.id),)
    if item.question is not None:
        return (AssignmentTarget(question=item.question, item=item.id),)
    return tuple(AssignmentTarget(question=i.id) for i in item.descendants() if i.question == i.id)


@lru_cache(maxsize=4096)
def covered_questions(instrument: CompiledInstrument, target: AssignmentTarget) -> tuple[str, ...]:
    """The questions a target covers, in document order; none when the instrument has no such thing."""
    if target.question:
        return (target.question,) if target.question in instrument.items else ()
    parts = {s.code for s in instrument.sub_pillars.values() if target.sub_pillar in (s.code, s.parent)}
    return tuple(q.id for q in instrument.questions if q.sub_pillar in parts)


def target_sub_pillar(instrument: CompiledInstrument, target: AssignmentTarget) -> str:
    """The sub-pillar (not a part of one) under which a target stands in tables; "" for none."""
    code = target.sub_pillar
    if target.question:
        item = instrument.items.get(target.question)
        code = (item.sub_pillar or "") if item else ""
    sub = instrument.sub_pillars.get(code)
    return (sub.parent or sub.code) if sub else ""


def assignable_sub_pillars(instrument: CompiledInstrument) -> tuple[str, ...]:
    """The sub-pillars that have questions, in order, and "" last when a question stands under none."""
    subs = [s.code for p in instrument.pillars for s in p.sub_pillars if not s.parent]
    bare = [""] if any(not q.sub_pillar for q in instrument.questions) else []
    return (*(s for s in subs if covered_questions(instrument, AssignmentTarget(s))), *bare)


@lru_cache(maxsize=4096)
def covered_items(instrument: CompiledInstrument, target: AssignmentTarget, question: str) -> frozenset[str]:
    """The items of a question that belong to a target.

    A part takes with it what must be answered to reach it, and leaves out the parts that stand beside it.
    """
    if question not in covered_questions(instrument, target):
        return frozenset()
    item_ids = {i.id for i in instrument.items[question].card()}
    part = instrument.items.get(target.item) if target.item else None
    if part is None or part.id == question or part.parent is None:
        return frozenset(item_ids)
    for other in instrument.items[part.parent].children:
        if other.id != part.id and bool(other.opened_by) == bool(part.opened_by):
            item_ids -= {other.id, *(i.id for i in other.descendants())}
    return frozenset(item_ids)


def addresses_outside(addresses: Collection[str], within: Collection[str]) -> Iterator[str]:
    """Those addresses whose item is not among `within`."""
    return (a for a in addresses if item_id_of(a) not in within)
