"""Choices of how to merge contributions: stored form, proposals to begin with, whole contributions. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.consolidating.comparison import (
    FieldComparison,
    QuestionComparison,
    RepeatComparison,
)
from survey.consolidating.merge_options import FROM_PREFIX, merge_options


@dataclass(frozen=True, slots=True)
class MergeChoices:
    """Merge choices: an option per field, typed values, rows taken, rows seen and left out."""

    picks: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """As stored in the database (JSON)."""
        lists = {"typed": self.typed, "rows": self.rows, "left": self.left_out}
        return {"picks": dict(self.picks), **{k: {a: list(v) for a, v in m.items()} for k, m in lists.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MergeChoices:
        """The choices from what `json` stored."""
        lists = {k: {a: tuple(v) for a, v in data.get(k, {}).items()} for k in ("typed", "rows", "left")}
        return cls(dict(data.get("picks", {})), lists["typed"], lists["rows"], lists["left"])


def propose_choices(comparison: QuestionComparison, before: MergeChoices | None = None) -> MergeChoices:
    """The choices proposed first: as decided `before`, current values, uncontradicted ones; others stay open."""
    earlier = before or MergeChoices()
    picks = {n.address: code for n in comparison.fields if (code := _proposed_option(n, earlier))}
    typed = {a: earlier.typed[a] for a, code in picks.items() if code == "edit" and a in earlier.typed}
    rows = {r.address: _proposed_rows(r, earlier) for r in comparison.repeats}
    return MergeChoices(picks, typed, rows)


def _proposed_option(field: FieldComparison, earlier: MergeChoices) -> str:
    available = {w.code for w in merge_options(field)}
    code = earlier.picks.get(field.address, "")
    if code.startswith(FROM_PREFIX) and (proposal := field.proposal_from(int(code.removeprefix(FROM_PREFIX)))):
        return f"{FROM_PREFIX}{proposal.keys[0]}"
    if code in available and not code.startswith(FROM_PREFIX) and (code != "edit" or field.address in earlier.typed):
        return code
    if proposal := field.proposal_equal_to(field.current):
        return f"{FROM_PREFIX}{proposal.keys[0]}"
    if field.current is not None:
        return "keep"
    return f"{FROM_PREFIX}{field.proposals[0].keys[0]}" if len(field.proposals) == 1 else ""


def _proposed_rows(repeat: RepeatComparison, earlier: MergeChoices) -> tuple[str, ...]:
    """Current rows, and new ones unless they were left out before or are too many."""
    left_out = earlier.left_out.get(repeat.address, ())
    current_ids = [r.id for r in repeat.rows if r.is_current]
    new_ids = [r.id for r in repeat.rows if not r.is_current and not r.is_repeated and r.id not in left_out]
    limit = repeat.item.max_rows
    return tuple(
        current_ids if limit is not None and len(current_ids) + len(new_ids) > limit else [*current_ids, *new_ids]
    )


def take_contribution(comparison: QuestionComparison, key: int) -> MergeChoices:
    """Choices that take one contribution as it is, and nothing else."""
    picks = {n.address: _option_of_contribution(n, key) for n in comparison.fields}
    rows = {r.address: tuple(row.id for row in r.rows if key in row.keys) for r in comparison.repeats}
    return MergeChoices(picks, {}, rows)


def _option_of_contribution(field: FieldComparison, key: int) -> str:
    return f"{FROM_PREFIX}{key}" if field.proposal_from(key) else "none"


def unite_contributions(comparison: QuestionComparison) -> MergeChoices:
    """Choices that unite options, texts and rows of all contributions; other fields as propose_choices."""
    proposed = propose_choices(comparison)
    united = {n.address: w.code for n in comparison.fields for w in merge_options(n) if w.code in ("union", "join")}
    rows = {r.address: tuple(row.id for row in r.rows if not row.is_repeated) for r in comparison.repeats}
    return MergeChoices({**proposed.picks, **united}, proposed.typed, rows)


def record_left_out_rows(comparison: QuestionComparison, choices: MergeChoices) -> MergeChoices:
    """The choices with the rows that were seen and not taken, so that only new rows are news next time."""
    left = {
        r.address: tuple(row.id for row in r.rows if row.id not in choices.rows.get(r.address, ()))
        for r in comparison.repeats
    }
    return MergeChoices(choices.picks, choices.typed, choices.rows, {a: some for a, some in left.items() if some})
