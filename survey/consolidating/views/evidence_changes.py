"""What agencies changed of evidence since the provincial answer took it over: shown, taken in one press, undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.canonical import sha256_hex
from dgready.posting import post_only
from dgready.undo import Undo
from evidence.following.actions import follow_evidence, undo_following
from evidence.following.queries import EvidenceChange, taken_evidence
from evidence.following.sides import ChangeKind, SideChanges
from survey import access
from survey.access import get_provincial_response
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import provincial_edit_refusal
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.agreed import allow_answer_edit
from survey.consolidating.views.evidence import (
    RoundEvidence,
    evidence_state,
    read_evidence_state,
    read_round_evidence,
)
from survey.consolidating.views.evidence_selection import proved_field
from survey.models import Event, Response

KIND_LABELS: Final[Mapping[ChangeKind, str | Promise]] = {
    "new": gettext_lazy("แนบเพิ่มหลังรวมคำตอบ"),
    "marks": gettext_lazy("ทำเครื่องหมายเพิ่ม"),
    "unmarked": gettext_lazy("ลบเครื่องหมายแล้ว"),
    "removed": gettext_lazy("นำหลักฐานออกแล้ว"),
    "version": gettext_lazy("มีไฟล์ฉบับใหม่"),
    "date": gettext_lazy("เปลี่ยนวันที่ของเอกสาร"),
    "copy": gettext_lazy("เก็บสำเนาของหน้าเว็บแล้ว"),
    "confirmed": gettext_lazy("ยืนยันหลักฐานจากปีก่อนแล้ว"),
}


@dataclass(frozen=True, slots=True)
class ChangesOfQuestion:
    """What changed of a question's evidence, with the names of the agencies by contribution."""

    rows: list[EvidenceChange]
    agencies: Mapping[int, str]

    @property
    def lines(self) -> list[tuple[str, str, list[str | Promise], bool]]:
        """Of each piece: its name, its agency, what changed, whether the province changed it as well."""
        return [
            (
                one.name,
                self.agencies.get(one.source.response_id, "–"),
                [KIND_LABELS[kind] for kind in (*one.changes.kinds, *one.changes.conflicts)],
                bool(one.changes.conflicts),
            )
            for one in self.rows
        ]

    @property
    def can_be_taken(self) -> int:
        """Pieces that one press takes over."""
        return sum(bool(one.changes.kinds) for one in self.rows)

    @property
    def seen(self) -> str:
        """A short digest of it all: whether a page still shows what there is."""
        told = [
            (
                str(one.source.public_id),
                one.address,
                one.changes.kinds,
                sorted(one.changes.new_marks | one.changes.gone_marks),
            )
            for one in self.rows
        ]
        return sha256_hex(repr(told))[:16]


def changes_by_question(
    consolidation: RoundConsolidation, evidence: RoundEvidence, question: str = ""
) -> dict[str, ChangesOfQuestion]:
    """What changed by question, of all or one. One query, none where nothing was consolidated yet."""
    decided = [question] if question else list(consolidation.decisions)
    if not any(q in consolidation.decisions for q in decided):
        return {}
    taken = taken_evidence(consolidation.response, question, evidence.rows)
    found = {}
    for one in decided:
        rows = [*taken.changes.get(one, ()), *_new_evidence(consolidation, evidence, one, taken.sources)]
        if rows:
            names = {p.contribution: str(p.agency) for p in consolidation.agency_answers.get(one, ())}
            found[one] = ChangesOfQuestion(rows, names)
    return found


def changes_of_round(consolidation: RoundConsolidation) -> Mapping[str, ChangesOfQuestion]:
    """What changed by question, of the whole round. At most four queries; kept while answers and evidence are the same.

    Nothing but what an agency's journal tells after the first decision is read: a round has thousands of attachments.
    """
    if not consolidation.decisions:
        return {}
    kept, state = consolidation.kept, (consolidation.decisions, consolidation.agency_answers)
    questions: list[str] | None = kept.result("evidence questions", state)
    if questions is None:
        questions = _told_questions(consolidation)
        kept.keep("evidence questions", state, questions)
        kept.keep("evidence", state, None)
    if not questions:
        return {}
    known: tuple[list[Any], Mapping[str, ChangesOfQuestion]] | None = kept.result("evidence", state)
    if known is not None and known[0] == read_evidence_state(consolidation, questions):
        return known[1]
    evidence = read_round_evidence(consolidation, *questions, places=False)
    found = changes_by_question(consolidation, evidence)
    changes = {question: one for question, one in found.items() if question in questions}
    kept.keep("evidence", state, (evidence_state(evidence.rows.values()), changes))
    return changes


def _told_questions(consolidation: RoundConsolidation) -> list[str]:
    """The questions that were decided and whose evidence some agency changed after the first decision. One query."""
    first = min(record.at for record in consolidation.decisions.values())
    told = Event.objects.filter(
        response__round=consolidation.response.round_id,
        response__agency__isnull=False,
        verb__startswith="evidence.",
        at__gt=first,
    )
    asked = set(told.order_by().values_list("question__item_id", flat=True).distinct())
    return sorted(asked & consolidation.decisions.keys())


def _new_evidence(
    consolidation: RoundConsolidation, evidence: RoundEvidence, question: str, known: frozenset[str]
) -> Iterator[EvidenceChange]:
    """Evidence that came to count after the decision, of answers that were taken and have not changed since."""
    record = consolidation.decisions.get(question)
    if record is None or not evidence.attachments.get(question):
        return
    revisions = {p.contribution: p.answer_row.revision for p in consolidation.agency_answers.get(question, ())}
    for proof in evidence.candidates(consolidation.compare(question)):
        source = record.sources.get(proof.contribution)
        if source is None or revisions.get(proof.contribution) != source.revision or proof.id in known:
            continue
        if proof.is_attached or not proof.is_marked or proof.place not in consolidation.path.places:
            continue
        row = proof.attachment
        newest = max([row.added_at, *(mark.at for mark in row.marks.all())])
        if proved_field(proof.place) in source.addresses and newest > record.at:
            yield EvidenceChange(row, None, proof.place, SideChanges(("new",)))


@post_only("survey:consolidate-item", "pk", "item_id")
@allow_answer_edit
def follow(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Takes over what agencies changed of the evidence of a question."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    access.get_question(response, item_id)
    page = reverse("survey:consolidate-item", args=[pk, item_id])
    consolidation = read_consolidation(response)
    evidence = read_round_evidence(consolidation, item_id)
    changes = changes_by_question(consolidation, evidence, item_id).get(item_id)
    if changes is None or request.POST.get("seen") != changes.seen:
        messages.warning(request, _("หลักฐานของหน่วยงานเปลี่ยนไปหลังจากเปิดหน้านี้ โปรดดูอีกครั้ง"))
        return redirect(page)
    new = [(one.source, one.address) for one in changes.rows if one.mine is None]
    try:
        followed = follow_evidence(by=request.user, response=response, question=item_id, new=new)
    except NotEditable:
        messages.error(request, provincial_edit_refusal(response))
        return redirect(page)
    return redirect(f"{page}?followed={followed.first}-{followed.last}-{followed.pieces}")


@post_only("survey:consolidate-item", "pk", "item_id")
@allow_answer_edit
def unfollow(request: SignedInRequest, pk: int, item_id: str, first: int, last: int) -> HttpResponse:
    """Takes back what the person's own press changed between two events."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    access.get_question(response, item_id)
    try:
        undo_following(by=request.user, response=response, first=first, last=last)
    except NotEditable:
        messages.error(request, provincial_edit_refusal(response))
    else:
        messages.success(request, _("หลักฐานของคำตอบ%(own)sกลับเป็นอย่างเดิมแล้ว") % response.round.province.words)
    return redirect("survey:consolidate-item", pk, item_id)


def read_followed(response: Response, item_id: str, told: Any) -> Undo | None:
    """What the query of the question's page (FIRST-LAST-COUNT) offers to undo."""
    parts = str(told or "").split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts):
        return None
    first, last, count = map(int, parts)
    text = ngettext("นำหลักฐานล่าสุดของหน่วยงานมาใช้แล้ว %(n)d รายการ", "นำหลักฐานล่าสุดของหน่วยงานมาใช้แล้ว %(n)d รายการ", count)
    url = reverse("survey:consolidate-unfollow", args=[response.pk, item_id, first, last])
    return Undo(text=text % {"n": count}, url=url, about=item_id)
