"""How a played secretariat decides between contributions: put together what can be, else what most say. PURE."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import Final

from survey.consolidating.comparison import FieldComparison, QuestionComparison
from survey.consolidating.merge_choices import MergeChoices, take_contribution, unite_contributions
from survey.consolidating.merge_options import FROM_PREFIX, merge_options
from survey.instrument.schema import Item

EDITED_SHARE: Final = 0.1  # share of texts that the secretariat writes anew


def combined_choices(comparison: QuestionComparison, rng: Random) -> MergeChoices:
    """Options, rows and counts together, some texts written anew; for the rest what most contributions say."""
    base = unite_contributions(comparison)
    picks, typed = dict(base.picks), {}
    for line in comparison.fields:
        if _is_text(line) and len(line.proposals) > 1 and rng.random() < EDITED_SHARE:
            picks[line.address], typed[line.address] = "edit", (f"ตัวอย่าง: สรุปจาก {len(line.contributors)} หน่วยงาน",)
        elif line.address not in picks:
            picks[line.address] = "sum" if _is_summable(line) else _majority_pick(line)
    rows = {}
    for repeat in comparison.repeats:
        given = {row.id for row in repeat.rows if row.keys}  # a row that nobody gives any more goes
        rows[repeat.address] = tuple(r for r in base.rows[repeat.address] if r in given)[: repeat.item.max_rows]
    return MergeChoices(picks, typed, rows)


def majority_choices(comparison: QuestionComparison, choices: MergeChoices, bad: Collection[str]) -> MergeChoices:
    """The same, with what most say where the choice made no valid value."""
    lines = {line.address: line for line in comparison.fields}
    picks = {**choices.picks, **{a: _majority_pick(lines[a]) for a in bad if a in lines}}
    return MergeChoices(picks, {a: t for a, t in choices.typed.items() if a not in bad}, choices.rows)


def ranked_contributions(comparison: QuestionComparison) -> list[MergeChoices]:
    """Each contribution alone, the one that agrees most with the others first."""
    support = dict.fromkeys(comparison.keys, 0)
    for line in comparison.fields:
        for offer in line.proposals:
            for key in offer.keys:
                support[key] += len(offer.keys)
    return [take_contribution(comparison, key) for key in sorted(support, key=lambda k: (-support[k], k))]


def _majority_pick(line: FieldComparison) -> str:
    if not line.proposals:
        return "keep" if line.current is not None else "none"
    return f"{FROM_PREFIX}{max(line.proposals, key=lambda o: len(o.keys)).keys[0]}"


def _is_text(line: FieldComparison) -> bool:
    return isinstance(line.owner, Item) and line.owner.kind == "text" and not line.owner.format


def _is_summable(line: FieldComparison) -> bool:
    """Whether a number counts things, so that those of the agencies are parts of the province's."""
    whole = isinstance(line.owner, Item) and line.owner.integer and line.owner.maximum is None
    return whole and any(way.code == "sum" for way in merge_options(line))
