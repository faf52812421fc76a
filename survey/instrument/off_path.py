"""Why a question is off the path: decided by an answer, or waiting for one that is not given yet. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from survey.instrument.addresses import item_id_of
from survey.instrument.path import OffPathReason, QuestionnairePath
from survey.instrument.schema import Item


@dataclass(frozen=True, slots=True)
class OffPathState:
    """Why a question is not asked: `waiting` for these items' answers, or else decided by `reason`."""

    reason: OffPathReason
    waiting: tuple[Item, ...] = ()


def off_path_reason(path: QuestionnairePath, question: Item) -> OffPathReason | None:
    """Why a question, or an item around it, is off the path; None when it is on the path."""
    if question.id in path.on_items:
        return None
    current: Item | None = question
    while current is not None:
        if current.id in path.off:
            return path.off[current.id]
        current = path.instrument.items.get(current.parent) if current.parent else None
    return OffPathReason(question.id)


def off_path_state(path: QuestionnairePath, reason: OffPathReason) -> OffPathState:
    """The reason as it stands: a question that is itself not asked is followed back to what decides about it.

    Conditions read earlier answers only, so that this ends.
    """
    items = path.instrument.items
    rule = items[reason.item].when
    if reason.skip or rule is None or rule.evaluate(path.values.get) is not None:
        return OffPathState(reason)
    open_items = [items[item_id_of(address)] for address in rule.addresses() if address not in path.values]
    waiting: list[Item] = []
    decided: OffPathState | None = None
    for item in open_items:
        owner = items[item.question or item.id]
        if item.id in path.on_items:
            waiting.append(item)
        elif owner.id in path.on_items:
            if not _is_begun(path, owner):
                waiting.append(owner)
        elif (earlier := off_path_reason(path, owner)) is not None:
            before = off_path_state(path, earlier)
            waiting += before.waiting
            decided = decided or before
    if waiting:
        return OffPathState(reason, tuple(dict.fromkeys(waiting)))
    return decided or OffPathState(reason)


def _is_begun(path: QuestionnairePath, question: Item) -> bool:
    """Whether something of a question is answered, so that what it does not open is not asked."""
    return any(item.id in path.values for item in question.card())
