"""Keeps the cards of a section as they were rendered for a person, until anything that they show is another.

What they are made of is compared, not a number: answers, path and evidence must be the very same objects, which
`response_state` and `attachment_summaries` give only in the same state of the response; all else must be equal, rights
included. The owner is part of it, so nothing that was made for one person is shown to another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from typing import Final

from dgready.lru_cache import LruCache
from dgready.random_letters import random_letters
from dgready.same_objects import SameObjects
from survey.answering.card_renderer import CardContext, render_section
from survey.instrument.addresses import new_row_id

# Stands for what differs from page to page; nobody can have typed it.
_MARK: Final = random_letters("abcdefghijklmnopqrstuvwxyz", 24)
_SLOT: Final = re.compile(f"{_MARK}([0-9]{{4}})")


@dataclass(frozen=True, slots=True)
class _KeptSection:
    """HTML in pieces; between them the slots: 0 the token, n the id of the row that stands ready as the n-th.

    `taken`: of each such row the ids that it must not get.
    """

    pieces: list[str]
    slots: list[int]
    taken: list[Collection[str]]


_kept: LruCache[_KeptSection] = LruCache(48)  # some 0.2 MB each


def render_kept_section(context: CardContext, section_id: str) -> str:
    """As `render_section`: kept, unless the page shows what was just done. Token and ids of new rows are made anew."""
    if context.act or context.extra_row or context.given_rest:
        return render_section(context, section_id)
    kept = _kept.get(_key(context, section_id), lambda: _render_with_slots(context, section_id))
    values = [context.csrf, *(new_row_id(taken)[1:] for taken in kept.taken)]
    parts = kept.pieces.copy()
    parts[1::2] = [values[slot] for slot in kept.slots]
    return "".join(parts)


def _key(context: CardContext, section_id: str) -> Hashable:
    """All that the cards of a section show, but for the slots."""
    made_of = (context.path, context.values, context.answers, context.evidence, context.cards, context.contradictions)
    rights = (context.owner, context.readonly, _frozen(context.writable), _frozen(context.shown))
    shown = (tuple(context.notes.items()), tuple(context.folded), context.way, context.base, context.language)
    return (section_id, SameObjects(*made_of), rights, shown)


def _frozen(names: Collection[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _render_with_slots(context: CardContext, section_id: str) -> _KeptSection:
    taken: list[Collection[str]] = []

    def mark_row(others: Collection[str]) -> str:
        taken.append(tuple(others))
        return f"r{_MARK}{len(taken):04}"

    html = render_section(replace(context, csrf=f"{_MARK}0000", new_row_id=mark_row), section_id)
    pieces = _SLOT.split(html)
    return _KeptSection(pieces, [int(slot) for slot in pieces[1::2]], taken)
