"""Whether an attachment counts as proof: the rule over plain values. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

UNPROVEN: Final = frozenset({"missing", "unread", "lost"})
"""States of a mark (evidence.models.MarkState) that proves nothing until it is mended."""

_MOST_TELLING: Final = ("lost", "missing", "unread")  # of several, what is said

REJECTING: Final = frozenset({"insufficient", "passage", "outdated"})
"""Verdicts (evidence.models.Verdict) with which an attachment does not count."""


def is_claimed(states: Iterable[str], *, url: str | None, infected: bool, to_confirm: bool) -> bool:
    """Whether an attachment counts unless a reviewer rejects it; `states` are those of its marks."""
    proven = bool(url) or any(state not in UNPROVEN for state in states)
    return proven and not infected and not to_confirm


def lacking_state(states: Iterable[str]) -> str:
    """What some mark of an attachment lacks: one of UNPROVEN, the most telling; "" where no mark lacks anything."""
    some = set(states)
    return next((state for state in _MOST_TELLING if state in some), "")


def is_checking(states: Iterable[str]) -> bool:
    """Whether some mark was not looked for in the text of its file yet."""
    return "" in set(states)
