"""What one field of the provincial answer can become: a contribution's value, union, sum or joined texts. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from survey.consolidating.comparison import (
    FieldComparison,
)
from survey.instrument.cleaners import MAX_TEXT_LENGTH
from survey.instrument.schema import AnswerValue, Item

FROM_PREFIX = "from:"


EDITABLE_KINDS = frozenset({"text", "url", "number", "month_year", "multi"})


@dataclass(frozen=True, slots=True)
class MergeOption:
    """One option for a field: its code, the value (None: empty, or yet to be typed), the contributions behind it."""

    code: str
    value: AnswerValue | None
    keys: tuple[int, ...] = ()


def merge_options(field: FieldComparison) -> tuple[MergeOption, ...]:
    """The options for a field, the contributions' own values first; the order is no recommendation."""
    options = [MergeOption(f"{FROM_PREFIX}{o.keys[0]}", o.value, o.keys) for o in field.proposals]
    combine_by_kind = {
        "multi": ("union", _union_options),
        "number": ("sum", _sum_numbers),
        "text": ("join", _join_texts),
    }
    if field.owner.kind in combine_by_kind:
        code, combine = combine_by_kind[field.owner.kind]
        value = combine(field)
        if value is not None:
            options.append(MergeOption(code, value, field.contributors))
    if field.current is not None and not field.is_current:
        options.append(MergeOption("keep", field.current))
    if field.owner.kind in EDITABLE_KINDS:
        options.append(MergeOption("edit", None, field.contributors))
    options.append(MergeOption("none", None))
    return tuple(options)


def _union_options(field: FieldComparison) -> AnswerValue | None:
    """All options picked by any agency; an exclusive option ("none of these") is dropped when others are picked."""
    if len(field.proposals) < 2:
        return None
    picked = {key for o in field.proposals for key in o.value}
    united = [key for key, option in field.owner.by_key.items() if key in picked and not option.exclusive]
    return united or None


def _sum_numbers(field: FieldComparison) -> AnswerValue | None:
    if len(field.contributors) < 2:
        return None
    try:
        total = sum((Decimal(str(o.value)) * len(o.keys) for o in field.proposals), Decimal(0))
    except InvalidOperation:
        return None
    limit = field.owner.maximum if isinstance(field.owner, Item) else None
    if limit is not None and total > Decimal(limit):
        return None
    return f"{total.normalize() if total else Decimal(0):f}"


def _join_texts(field: FieldComparison) -> AnswerValue | None:
    """The texts joined, one under the other."""
    if len(field.proposals) < 2 or (isinstance(field.owner, Item) and field.owner.format):
        return None
    text = "\n".join(str(o.value) for o in field.proposals)
    return text if len(text) <= MAX_TEXT_LENGTH else None
