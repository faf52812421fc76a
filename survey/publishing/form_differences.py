"""What a version of a form changes of an earlier one, by section: items, options, rows, columns and more. PURE."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.structure import StructureChange, as_text, structure_changes
from survey.instrument.schema import CompiledInstrument, Item, Section

GENERAL: Final = ""  # the key of what belongs to no section
# Where an item lies in the tree is said by its parent; its number in the form changes with every item before it.
_ITEM_LEFT_OUT: Final = frozenset({"id", "items", "then", "order", "question", "repeat", "pillar", "when"})
_FORM_LEFT_OUT: Final = frozenset({"key", "version", "sections", "items", "skips", "links_checksum"})


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What changed of one item (or, without `code`, of the section or the form)."""

    item: str
    code: str
    label: str
    changes: tuple[StructureChange, ...]


@dataclass(slots=True)
class SectionChanges:
    """What changed in one section. `title`: as the newer form has it, if it still does."""

    key: str
    title: LocalizedText
    items: list[ItemChanges] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many differences there are."""
        return sum(len(item.changes) for item in self.items)


def form_differences(old: CompiledInstrument, new: CompiledInstrument) -> list[SectionChanges]:
    """Every difference by section, in the order of the newer form; sections without any are left out."""
    found = {GENERAL: SectionChanges(GENERAL, LocalizedText())}
    for section in (*new.sections, *old.sections):
        found.setdefault(section.id, SectionChanges(section.id, section.title))
    general = structure_changes(old, new, leave_out=_FORM_LEFT_OUT)
    _add(found[GENERAL], "", "", "", general)
    for section in (*new.sections, *(s for s in old.sections if s.id not in new.by_section)):
        sides = old.by_section.get(section.id), new.by_section.get(section.id)
        _add(found[section.id], "", "", "", _section_changes(*sides))
    for item in (*new.items.values(), *(i for i in old.items.values() if i.id not in new.items)):
        changes = _item_changes(old, new, item.id)
        _add(found[item.section], item.id, item.code or "", item.ask.th, changes)
    return [section for section in found.values() if section.items]


def _add(section: SectionChanges, item: str, code: str, label: str, changes: Iterator[StructureChange]) -> None:
    if listed := tuple(changes):
        section.items.append(ItemChanges(item, code, label, listed))


def _section_changes(old: Section | None, new: Section | None) -> Iterator[StructureChange]:
    if old is None and new is not None:
        yield StructureChange("added", ("section",), after=new.title.th)
    elif new is None and old is not None:
        yield StructureChange("removed", ("section",), before=old.title.th)
    elif old is not None and new is not None:
        yield from structure_changes(old, new, leave_out={"id", "items"}, path=("section",))


def _item_changes(old: CompiledInstrument, new: CompiledInstrument, item_id: str) -> Iterator[StructureChange]:
    before, after = old.items.get(item_id), new.items.get(item_id)
    if before is None and after is not None:
        yield StructureChange("added", ("item",), after=after.ask.th)
    elif after is None and before is not None:
        yield StructureChange("removed", ("item",), before=before.ask.th)
    elif before is not None and after is not None:
        yield from structure_changes(before, after, leave_out=_ITEM_LEFT_OUT)
        rules = [_condition_text(item) for item in (before, after)]
        if rules[0] != rules[1]:
            yield StructureChange("changed", ("when",), *rules)
        skips = [as_text([f"{s.source}={s.option}" for s in form.skips.get(item_id, ())]) for form in (old, new)]
        if skips[0] != skips[1]:
            yield StructureChange("changed", ("skip_to",), *skips)


def _condition_text(item: Item) -> str:
    """The condition of an item as its file says it."""
    return json.dumps(item.when.tree, ensure_ascii=False) if item.when else ""
