"""The overview of a round's questions: which agree and can be taken at once, and why a person has to decide others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from survey.assigning.queries import OPEN_STATES
from survey.consolidating.agency_answers import AgencyAnswer
from survey.consolidating.compare import compare_contributions
from survey.consolidating.comparison import QuestionAgreement
from survey.consolidating.decisions import DecisionRecord
from survey.consolidating.merge import MergedAnswer, merge_contributions
from survey.consolidating.merge_choices import propose_choices
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.same_answer import is_same_answer
from survey.instrument.schema import Item

# given: the province has an answer, and the contributions do not agree on one to compare it with
ProvinceStatus = Literal["empty", "given", "same", "differs"]
# Why a question is not among those that are taken because all agree.
ManualReason = Literal["differ", "partly", "drafts", "numbers", "unsure", "province", "invalid"]


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """A question on the overview. `manual_reason`: why a person has to decide it; empty when it is agreed."""

    question: Item
    agreement: QuestionAgreement
    answers: tuple[AgencyAnswer, ...]
    waiting_agencies: int
    province_status: ProvinceStatus
    decision: DecisionRecord | None
    changes: int
    edited_since: bool
    is_agreed: bool
    manual_reason: ManualReason | Literal[""]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide: not decided yet, or changed since."""
        return bool(self.answers) and (self.decision is None or self.changes > 0)


@dataclass(frozen=True, slots=True)
class ContributionSummary:
    """What the contributions to a question say together, whatever the province's own answer is.

    `agreed`: the answer on which those handed in agree, None where they do not; `obstacle`: why it is not taken as it
    is all the same.
    """

    agreement: QuestionAgreement
    agreed: MergedAnswer | None
    obstacle: ManualReason | Literal[""]


def summarise_contributions(consolidation: RoundConsolidation, question: str) -> ContributionSummary:
    """The summary of the usable answers to a question; kept while they are the same."""
    usable, name = consolidation.usable_answers(question), f"summary:{question}"
    summary: ContributionSummary | None = consolidation.kept.result(name, usable)
    if summary is None:
        summary = _summarise(consolidation.instrument.items[question], usable)
        consolidation.kept.keep(name, usable, summary)
    return summary


def _summarise(question: Item, usable: Sequence[AgencyAnswer]) -> ContributionSummary:
    everything = compare_contributions(question, [p.as_contribution for p in usable], {})
    drafts = [p for p in usable if p.is_draft]
    handed_in = everything
    if drafts:
        handed_in = compare_contributions(question, [p.as_contribution for p in usable if not p.is_draft], {})
    if handed_in.agreement not in ("single", "agree"):
        differ: ManualReason = "differ" if everything.agreement == "differ" else "partly"
        return ContributionSummary(everything.agreement, None, "drafts" if len(drafts) == len(usable) else differ)
    agreed = merge_contributions(handed_in, propose_choices(handed_in))
    obstacle: ManualReason | Literal[""] = ""
    if any(not is_same_answer(question, p.values, agreed.values) for p in drafts):
        obstacle = "drafts"
    elif handed_in.may_add_up:
        obstacle = "numbers"
    elif any(p.answer_row.unsure for p in usable):
        obstacle = "unsure"
    elif not agreed.is_complete:
        obstacle = "invalid"
    return ContributionSummary(everything.agreement, agreed, obstacle)


def overview_entry(consolidation: RoundConsolidation, question: Item) -> OverviewEntry:
    """The overview entry of one question."""
    usable = consolidation.usable_answers(question.id)
    decision, changes = consolidation.decisions.get(question.id), len(consolidation.changes_since_decision(question.id))
    summary = summarise_contributions(consolidation, question.id)
    province_status = _province_status(consolidation, question, summary.agreed if usable else None)
    reason = summary.obstacle if usable else ""
    if usable and not reason and province_status == "differs":
        reason = "province"
    is_open = decision is None or changes > 0
    waiting = sum(t.state in OPEN_STATES for t in consolidation.tasks.get(question.id, {}).values())
    return OverviewEntry(
        question=question,
        agreement=summary.agreement,
        answers=tuple(usable),
        waiting_agencies=waiting,
        province_status=province_status,
        decision=decision,
        changes=changes,
        edited_since=consolidation.edited_since_decision(question.id),
        is_agreed=bool(usable) and is_open and not reason,
        manual_reason=reason if is_open else "",
    )


def _province_status(consolidation: RoundConsolidation, question: Item, agreed: MergedAnswer | None) -> ProvinceStatus:
    current = consolidation.current_values(question.id)
    if not current or agreed is None:
        return "given" if current else "empty"
    on_path = consolidation.values_on_path(question.id, agreed.values)
    return "same" if is_same_answer(question, on_path, current) else "differs"


def consolidation_overview(consolidation: RoundConsolidation) -> Sequence[OverviewEntry]:
    """Every question that was asked of an agency or answered by one or by the province, in document order.

    Kept while the provincial answer, the contributions and the tasks are the same.
    """
    made_of = (consolidation.decisions, consolidation.path, consolidation.agency_answers, consolidation.tasks)
    entries: Sequence[OverviewEntry] | None = consolidation.kept.result("overview", made_of)
    if entries is None:
        entries = tuple(overview_entry(consolidation, q) for q in consolidation.instrument.questions)
        consolidation.kept.keep("overview", made_of, entries)
    return entries
