"""Consolidation actions: save a merged provincial answer with its sources, evidence and event at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Capability
from survey.answering import actions as answers
from survey.consolidating.merge_choices import propose_choices
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.overview import consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.instrument.queries import is_answered_by_each_agency, questions_by_item_id
from survey.journal import actions as journal
from survey.models import Answer, Consolidation, ConsolidationSource, Event, Question, Response
from survey.notices import actions as notices
from survey.notices import recipients as audience
from survey.threads.comments import clean_comment_text

MAX_NOTE = 1000
MAX_TOLD = 300  # pieces of evidence that one event names


class AdoptedEvidence(NamedTuple):
    """How much evidence of contributions went along with a decision, and how much was left behind.

    `names`: of what went along, with its agency; `left_names`: of what was left, with its agency and why (a slug).
    """

    taken: int = 0
    left: int = 0
    names: tuple[tuple[str, str], ...] = ()
    left_names: tuple[tuple[str, str, str], ...] = ()


NO_EVIDENCE = AdoptedEvidence()
# Adopts evidence for a decision just saved, in the same transaction.
AdoptEvidence = Callable[[MergeDecision], AdoptedEvidence]


class ContributionsChanged(Exception):
    """Contributions used by a decision have changed since the person saw them; `contributions`: their keys."""

    def __init__(self, contributions: tuple[int, ...]) -> None:
        super().__init__(f"contributions {contributions} have changed")
        self.contributions = contributions


@dataclass(frozen=True, slots=True)
class SavedConsolidation:
    """The result of saving; with `conflict` nothing was written and `answer` is the stored one."""

    answer: Answer | None
    conflict: bool = False
    evidence: AdoptedEvidence = NO_EVIDENCE


def save_consolidation(
    *,
    by: User,
    response: Response,
    decision: MergeDecision,
    base_revision: int,
    seen: Mapping[int, int],
    note: str = "",
    unsure: str | None = None,
    adopt: AdoptEvidence | None = None,
) -> SavedConsolidation:
    """Saves a complete decision on top of revision `base_revision` of the provincial answer.

    `seen`: the contributions' revisions that the person decided on. `unsure`: why somebody should look again,
    None if nobody has to. Raises NotEditable, ContributionsChanged.
    """
    if not decision.merged.is_complete:
        raise ValueError("a decision with open or invalid fields is not saved")
    moved = tuple(s.contribution for s in decision.used_sources if seen.get(s.contribution) != s.revision)
    if moved:
        raise ContributionsChanged(moved)
    _require_consolidating(response)
    with transaction.atomic():
        answers.require_editable(journal.lock_response(response.pk))
        return _store_decision(by, response, decision, base_revision, note=note, unsure=unsure, adopt=adopt)


def _require_consolidating(response: Response) -> None:
    """Raises NotEditable in a year that each agency answers for itself: its answers are averaged, not merged."""
    if is_answered_by_each_agency(response.round.instrument):
        raise answers.NotEditable


def consolidate_agreed(*, by: User, response: Response, adopt: AdoptEvidence | None = None) -> Event:
    """Consolidates every question whose contributions agree; the event lists those taken and those left.

    Raises NotEditable.
    """
    _require_consolidating(response)
    with transaction.atomic():
        answers.require_editable(journal.lock_response(response.pk))
        consolidation = read_consolidation(response)
        taken: list[str] = []
        left_reasons: dict[str, str] = {}
        evidence: dict[str, AdoptedEvidence] = {}
        for entry in consolidation_overview(consolidation):
            question = entry.question.id
            if entry.manual_reason:
                left_reasons[question] = entry.manual_reason
            elif entry.is_agreed:
                comparison = consolidation.compare_handed_in(question, consolidation.current_values(question))
                decision = make_decision(consolidation, comparison, propose_choices(comparison))
                row = consolidation.answers.get(question)
                unsure_note = row.note if row and row.unsure else None
                revision = row.revision if row else 0
                saved = _store_decision(by, response, decision, revision, unsure=unsure_note, adopt=adopt)
                evidence[question] = saved.evidence
                consolidation.add_values(decision.values)
                taken.append(question)
        data = {
            "taken": taken,
            "left": left_reasons,
            "evidence": sum(one.taken for one in evidence.values()),
            "evidence_left": sum(one.left for one in evidence.values()),
            "evidence_names": [[q, *name] for q, one in evidence.items() for name in one.names][:MAX_TOLD],
            "evidence_left_names": [[q, *name] for q, one in evidence.items() for name in one.left_names][:MAX_TOLD],
        }
        event = journal.record_event(
            by=by, response=journal.lock_response(response.pk), verb="consolidation.agreed", data=data
        )
        response.version, response.head = event.seq, event.hash
        return event


def notify_stale_consolidations(*, by: User, contribution: Response, questions: Collection[str], seq: int) -> int:
    """Notifies the province's editors that an agency handed in again answers used in the provincial answer.

    In the caller's transaction; `seq`: the event of handing in. How many people were told.
    """
    rows = questions_by_item_id(contribution.round.instrument)
    stale = ConsolidationSource.objects.filter(
        contribution=contribution,
        consolidation__question__in=[rows[q].pk for q in questions],
        revision__lt=Subquery(
            Answer.objects.filter(
                response=OuterRef("contribution"), question=OuterRef("consolidation__question")
            ).values("revision")[:1]
        ),
    )
    changed_answers = stale.order_by("consolidation__question__order").values_list(
        "consolidation__question__code", "consolidation__question__item_id", "consolidation__response"
    )
    changed = list(changed_answers)
    if not changed:
        return 0
    round_ = contribution.round
    return notices.notify(
        users=audience.users_with_capability(round_.province_id, Capability.ANSWER_EDIT),
        kind="changed",
        key=f"changed:{contribution.pk}:{seq}",
        round_=round_,
        data={"agency": str(contribution.agency), "what": ", ".join(code or item for code, item, _pk in changed)},
        url=reverse("survey:consolidate", args=[changed[0][2]]) + "?show=news",
        but=by,
    )


def _store_decision(
    by: User,
    response: Response,
    decision: MergeDecision,
    base_revision: int,
    *,
    note: str = "",
    unsure: str | None = None,
    adopt: AdoptEvidence | None = None,
) -> SavedConsolidation:
    """Answer, consolidation, sources, evidence and event, in the caller's transaction."""
    question = questions_by_item_id(response.round.instrument)[decision.question]
    saved = answers.save_answer(
        by=by,
        response=response,
        question=question,
        value=decision.values,
        base_revision=base_revision,
        unsure=unsure is not None,
        note=clean_comment_text(unsure or "", MAX_NOTE),
    )
    if saved.conflict:
        return SavedConsolidation(saved.answer, conflict=True)
    revision = saved.answer.revision if saved.answer else 0
    _record_decision(by, response, question, decision, clean_comment_text(note, MAX_NOTE), revision)
    return SavedConsolidation(saved.answer, evidence=adopt(decision) if adopt else NO_EVIDENCE)


def _record_decision(
    by: User, response: Response, question: Question, decision: MergeDecision, note: str, revision: int
) -> None:
    """Stores the decision with its sources, and its event."""
    now = timezone.now()
    fields = {
        "method": decision.method,
        "by": by,
        "at": now,
        "note": note,
        "revision": revision,
        "choices": decision.choices.json(),
    }
    _replace_decision(response, question, decision, fields)
    event = journal.record_event(
        by=by,
        response=journal.lock_response(response.pk),
        verb="consolidation.save",
        question=question,
        data=_decision_event_data(decision, fields),
        at=now,
    )
    response.version, response.head = event.seq, event.hash


def _replace_decision(
    response: Response, question: Question, decision: MergeDecision, fields: Mapping[str, Any]
) -> None:
    """Stores the decision and its sources in place of an earlier one."""
    row, _created = Consolidation.objects.update_or_create(response=response, question=question, defaults=fields)
    row.sources.all().delete()
    ConsolidationSource.objects.bulk_create(
        ConsolidationSource(
            consolidation=row, contribution_id=s.contribution, revision=s.revision, addresses=list(s.addresses)
        )
        for s in decision.sources
    )


def _decision_event_data(decision: MergeDecision, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "method": fields["method"],
        "text": fields["note"],
        "revision": fields["revision"],
        "choices": fields["choices"],
        "sources": [
            {"contribution": s.contribution, "revision": s.revision, "addresses": list(s.addresses)}
            for s in decision.sources
        ],
    }
