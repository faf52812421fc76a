"""View of one question's consolidation: show, preview and save the merged answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from survey import access
from survey.access import get_provincial_response
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import provincial_edit_refusal
from survey.answering.queries import AnswerRow
from survey.consolidating import actions
from survey.consolidating.comparison import QuestionComparison
from survey.consolidating.merge_choices import MergeChoices, propose_choices, take_contribution, unite_contributions
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.overview import consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.evidence import EvidenceCandidate, RoundEvidence, read_evidence, read_round_evidence
from survey.consolidating.views.evidence_changes import changes_by_question, read_followed
from survey.consolidating.views.evidence_selection import (
    PostedTicks,
    adoptable_evidence,
    default_ticks,
    evidence_adopter,
    evidence_left_behind,
    expand_selection,
    preselected_evidence,
    short_key,
)
from survey.consolidating.views.kept_question import (
    AskedQuestion,
    Body,
    answered_around,
    kept_body,
    question_state,
)
from survey.consolidating.views.labels import AGREEMENT_LABELS, is_editable
from survey.consolidating.views.posted_decision import PostedDecision, read_posted_decision
from survey.consolidating.views.presentation import QuestionPresenter
from survey.consolidating.views.score_effect import compute_score_effect
from survey.journal.event_texts import item_title
from survey.models import Response

MAX_TAKE = 12  # letters of a key in the address
MAX_NAMED = 5  # pieces of evidence that the reply names
CHANGE_LABELS: dict[str, str | Promise] = {
    "changed": gettext_lazy("แก้ไขคำตอบหลังรวม"),
    "new": gettext_lazy("ส่งคำตอบเข้ามาใหม่"),
    "declined": gettext_lazy("แจ้งว่าไม่เกี่ยวข้อง หลังจากที่นำคำตอบไปใช้แล้ว"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ANSWER_EDIT)
def question(request: SignedInRequest, pk: int, item_id: str) -> HttpResponseBase:
    """All contributions to one question and the provincial answer being built from them."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    access.get_question(response, item_id)
    consolidation = read_consolidation(response)
    if request.method != "POST":
        return _shown(request, consolidation, item_id)
    comparison = consolidation.compare(item_id)
    posted = read_posted_decision(request, comparison)
    page = _QuestionPage(request, consolidation, comparison, posted.choices, posted.evidence, posted)
    if posted.action not in ("save", "next"):
        return page.preview()
    return page.save()


def _shown(request: SignedInRequest, consolidation: RoundConsolidation, item_id: str) -> HttpResponse:
    """The page as it is asked for, kept by all that it is made of."""
    response, evidence = consolidation.response, read_evidence(consolidation, item_id)
    take, list_all = request.GET.get("take", ""), _lists_all(request)
    state = question_state(
        consolidation, evidence, AskedQuestion(item_id, take[:MAX_TAKE], list_all, is_editable(response))
    )

    def make() -> Body:
        comparison = consolidation.compare(item_id)
        choices = _initial_choices(take, consolidation, comparison)
        return _QuestionPage(request, consolidation, comparison, choices, None).body(evidence.make())

    body = kept_body(state, make)
    return _render(request, consolidation, item_id, LazyValues(state, lambda: body))


def _lists_all(request: SignedInRequest) -> bool:
    """Whether all evidence of a place is listed one by one."""
    return request.GET.get("ev") == "all"


def _render(
    request: SignedInRequest,
    consolidation: RoundConsolidation,
    item_id: str,
    body: LazyValues,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page around its body."""
    item, response = consolidation.instrument.items[item_id], consolidation.response
    previous, following = answered_around(consolidation, item_id)
    context = {
        "response": response,
        "item": item,
        "title": item_title(item, reader_language()),
        "previous": previous,
        "following": following,
        "section": item.section,
        "refused": refused,
        "undo": read_followed(response, item_id, request.GET.get("followed")),
        "body": body,
    }
    return render(request, "survey/consolidating/question.html", context, status=status)


def _initial_choices(key: str, consolidation: RoundConsolidation, comparison: QuestionComparison) -> MergeChoices:
    """The choices shown first: one contribution (?take=KEY), all united (?take=all), or as decided before."""
    if key.isascii() and key.isdigit() and len(key) < MAX_TAKE and int(key) in comparison.keys:
        return take_contribution(comparison, int(key))
    if key == "all":
        return unite_contributions(comparison)
    record = consolidation.decisions.get(comparison.question.id)
    return propose_choices(comparison, record.choices if record else None)


@dataclass(slots=True)
class _QuestionPage:
    """The page of one question, with its responses: shown, previewed or saved."""

    request: SignedInRequest
    consolidation: RoundConsolidation
    comparison: QuestionComparison
    choices: MergeChoices
    evidence: PostedTicks | None
    posted: PostedDecision | None = None

    @property
    def response(self) -> Response:
        return self.consolidation.response

    def preview(self) -> HttpResponse:
        """The answer being built and its effect; the whole page where no script asks."""
        if self.request.headers.get("HX-Request") == "true":
            return render(self.request, "survey/consolidating/_built.html", self.body(self._evidence()))
        return self.show()

    def save(self) -> HttpResponseBase:
        """Saves, or shows the page again with what is undecided, invalid or has changed."""
        assert self.posted is not None
        posted, item = self.posted, self.comparison.question.id
        decision = make_decision(self.consolidation, self.comparison, posted.choices)
        if not decision.merged.is_complete:
            return self.show(status=422)
        evidence = read_round_evidence(self.consolidation, item)
        chosen = self._chosen_evidence(evidence.candidates(self.comparison), decision)
        try:
            saved = actions.save_consolidation(
                by=self.request.user,
                response=self.response,
                decision=decision,
                base_revision=posted.revision,
                seen=posted.seen,
                note=posted.note,
                unsure=posted.unsure,
                adopt=evidence_adopter(self.request.user, self.consolidation, evidence, chosen),
            )
        except NotEditable:
            return self.show(refused=provincial_edit_refusal(self.response), status=409)
        except actions.ContributionsChanged as moved:
            return self.show(refused=self._changed_message(moved), status=409)
        if saved.conflict:
            return self.show(refused=_conflict_message(saved, self.response), status=409)
        messages.success(self.request, _saved_message(decision, saved, self.response))
        return self._redirect_after(item)

    @property
    def list_all(self) -> bool:
        """Whether all evidence of a place is listed one by one."""
        return _lists_all(self.request)

    def _evidence(self) -> RoundEvidence:
        return read_round_evidence(self.consolidation, self.comparison.question.id)

    def _chosen_evidence(self, candidates: Collection[EvidenceCandidate], decision: MergeDecision) -> set[str]:
        """The boxes ticked: as they follow from the choices, apart from what the person ticked or cleared."""
        defaults = default_ticks(candidates, decision, self.list_all)
        return defaults if self.evidence is None else self.evidence.follow(defaults)

    def _changed_message(self, moved: actions.ContributionsChanged) -> str:
        names = {
            p.contribution: p.agency for p in self.consolidation.agency_answers.get(self.comparison.question.id, ())
        }
        who = ", ".join(names.get(k, "–") for k in moved.contributions)
        return _("%(who)s แก้ไขคำตอบระหว่างที่ท่านพิจารณา หน้านี้แสดงค่าใหม่แล้ว ยังไม่มีสิ่งใดถูกบันทึก") % {"who": who}

    def _redirect_after(self, item: str) -> HttpResponseBase:
        """The same question, or the next one that waits for a decision."""
        if self.posted is None or self.posted.action != "next":
            return redirect("survey:consolidate-item", self.response.pk, item)
        waiting = [e.question.id for e in consolidation_overview(self.consolidation) if e.is_open]
        order = [q.id for q in self.consolidation.instrument.questions]
        later = [q for q in waiting if order.index(q) > order.index(item)]
        ahead = later or [q for q in waiting if q != item]
        if not ahead:
            return redirect("survey:consolidate", self.response.pk)
        return redirect("survey:consolidate-item", self.response.pk, ahead[0])

    def show(self, *, refused: str = "", status: int = 200) -> HttpResponse:
        """The whole page, as it is for this request alone."""
        item, body = self.comparison.question.id, self.body(self._evidence(), tried=status == 422)
        once = LazyValues(None, lambda: body)
        return _render(self.request, self.consolidation, item, once, refused=refused, status=status)

    def body(self, evidence: RoundEvidence, *, tried: bool = False) -> Body:
        """Everything that the templates of the question itself need. One query at most."""
        consolidation, item = self.consolidation, self.comparison.question
        candidates = evidence.candidates(self.comparison)
        decision = make_decision(consolidation, self.comparison, self.choices)
        preselected = preselected_evidence(candidates, decision)
        chosen = self._chosen_evidence(candidates, decision)
        selected = expand_selection(candidates, chosen, decision)
        adopted = adoptable_evidence(consolidation, candidates, selected, decision)
        newly_proven = {p.place or "" for p in adopted if p.is_marked}
        presenter = QuestionPresenter(
            consolidation, decision, self.choices, candidates, reader_language(), preselected, self.list_all, tried
        )
        return {
            "pk": self.response.pk,
            "own": self.response.round.province.words["own"],
            "item": item,
            "section": item.section,
            "comparison": self.comparison,
            "agreement": self.comparison.agreement,
            "whole": AGREEMENT_LABELS[self.comparison.agreement],
            "presenter": presenter,
            "decision": decision,
            "chosen": chosen,
            "proposed": sorted(map(short_key, proposed := default_ticks(candidates, decision, self.list_all))),
            "changed": sorted(map(short_key, proposed ^ chosen)),
            "adopted": adopted,
            "left_behind": evidence_left_behind(consolidation, candidates, adopted, decision),
            "unproven": presenter.unproven(evidence.marked_places | newly_proven),
            "effect": compute_score_effect(
                consolidation, {item.id: decision.values}, evidence.marked_places, newly_proven, item.sub_pillar or ""
            ),
            "parts": _contribution_rows(consolidation, item.id, candidates),
            "waiting": _silent_agencies(consolidation, item.id),
            **self._since_decision(item.id, evidence),
            "editable": is_editable(self.response),
            **self._form_values(item.id),
        }

    def _since_decision(self, item: str, evidence: RoundEvidence) -> dict[str, Any]:
        """The decision that stands, and what changed since."""
        consolidation = self.consolidation
        return {
            "record": consolidation.decisions.get(item),
            "changes": [(n.answer, CHANGE_LABELS[n.kind]) for n in consolidation.changes_since_decision(item)],
            "evidence_changes": changes_by_question(consolidation, evidence, item).get(item),
            "edited": consolidation.edited_since_decision(item),
        }

    def _form_values(self, item: str) -> dict[str, Any]:
        """What the form carries along: revision, reasons, whether somebody should look again."""
        row: AnswerRow | None = self.consolidation.answers.get(item)
        unsure = row.note if row and row.unsure else None
        if self.posted is not None:
            unsure = self.posted.unsure
        return {
            "row": row,
            "revision": row.revision if row else 0,
            "why": self.posted.note if self.posted else "",
            "unsure": unsure is not None,
            "unsure_note": unsure or "",
        }


@dataclass(frozen=True, slots=True)
class _ContributionRow:
    """A contribution as the page names it: whose, when, where it stands, how much evidence it has."""

    contribution: int
    revision: int
    agency_code: str
    agency: str
    state: str
    is_draft: bool
    is_declined: bool
    is_usable: bool
    saved_by: str
    saved_at: datetime
    files: int
    unsure: bool
    note: str
    task_note: str


def _contribution_rows(
    consolidation: RoundConsolidation, item: str, proofs: Iterable[EvidenceCandidate]
) -> list[_ContributionRow]:
    """The contributions that say something."""
    files = Counter(p.contribution for p in proofs)
    return [
        _ContributionRow(
            contribution=answer.contribution,
            revision=answer.answer_row.revision,
            agency_code=answer.agency_code,
            agency=answer.agency,
            state=answer.task.label if answer.task else "",
            is_draft=answer.is_draft,
            is_declined=answer.is_declined,
            is_usable=answer.is_usable,
            saved_by=answer.answer_row.saved_by,
            saved_at=answer.answer_row.saved_at,
            files=files[answer.contribution],
            unsure=answer.answer_row.unsure,
            note=answer.answer_row.note,
            task_note=answer.task.note if answer.task else "",
        )
        for answer in consolidation.agency_answers.get(item, ())
        if answer.values or answer.answer_row.unsure or answer.is_declined
    ]


def _silent_agencies(consolidation: RoundConsolidation, item: str) -> list[tuple[str, str]]:
    """Who was asked and gives no answer, with the state of the part: perhaps there is nothing to report."""
    said = {p.agency_code for p in consolidation.agency_answers.get(item, ()) if p.values}
    tasks = consolidation.tasks.get(item, {})
    return [(t.agency, t.label) for code, t in tasks.items() if code not in said]


def _conflict_message(saved: actions.SavedConsolidation, response: Response) -> str:
    who = str(saved.answer.saved_by) if saved.answer else "–"
    words = {**response.round.province.words, "who": who}
    return _("%(who)s บันทึกคำตอบ%(own)sข้อนี้ก่อนท่าน ยังไม่มีสิ่งใดถูกเขียนทับ โปรดเลือกอีกครั้งโดยดูคำตอบที่บันทึกอยู่") % words


def _saved_message(decision: MergeDecision, saved: actions.SavedConsolidation, response: Response) -> str:
    numbers = {"agencies": len(decision.used_sources), "files": saved.evidence.taken, "left": saved.evidence.left}
    words: dict[str, Any] = {**response.round.province.words, **numbers}
    if saved.evidence.taken:
        text = _("บันทึกคำตอบ%(own)sจาก %(agencies)d หน่วยงาน พร้อมหลักฐาน %(files)d รายการแล้ว") % words
    else:
        text = _("บันทึกคำตอบ%(own)sจาก %(agencies)d หน่วยงานแล้ว") % words
    if names := ", ".join(name for name, _agency in saved.evidence.names[:MAX_NAMED]):
        text += f": {names}" + (" …" if len(saved.evidence.names) > MAX_NAMED else "")
    if saved.evidence.left:
        text += " " + _("ไม่ได้นำหลักฐานไปด้วย %(left)d รายการ") % words
    return text
