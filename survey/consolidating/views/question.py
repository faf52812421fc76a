"""The page of one question: contributions side by side, the choices, the effect, saving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
from survey import access
from survey.access import get_provincial_response
from survey.answering.actions import NotEditable
from survey.answering.queries import AnswerRow
from survey.consolidating import actions
from survey.consolidating import queries as consolidation
from survey.consolidating.compare import QuestionComparison
from survey.consolidating.merge import MergeChoices, propose_choices, take_contribution, unite_contributions
from survey.consolidating.queries import MergeDecision, RoundConsolidation
from survey.consolidating.views import evidence as shelves
from survey.consolidating.views import score_effect as effects
from survey.consolidating.views.evidence import EvidenceCandidate
from survey.consolidating.views.overview import AGREEMENT_LABELS, closed_message, is_editable
from survey.consolidating.views.presentation import QuestionPresenter
from survey.journal.event_texts import item_title
from survey.models import Assignment, Response

CHANGE_LABELS: dict[str, str | Promise] = {
    "changed": gettext_lazy("แก้ไขคำตอบหลังรวม"),
    "new": gettext_lazy("ส่งคำตอบเข้ามาใหม่"),
    "declined": gettext_lazy("แจ้งว่าไม่เกี่ยวข้อง หลังจากที่นำคำตอบไปใช้แล้ว"),
}


@dataclass(slots=True)
class PostedDecision:
    """What the form of one question brought."""

    choices: MergeChoices
    seen: dict[int, int]
    revision: int
    evidence: set[str]
    note: str
    unsure: str | None
    do: str


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ANSWER_EDIT)
def question(request: SignedInRequest, pk: int, item_id: str) -> HttpResponseBase:
    """All contributions to one question and the provincial answer being built from them."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    access.get_question(response, item_id)
    book = consolidation.read_consolidation(response)
    comparison = book.compared(item_id)
    if request.method != "POST":
        choices, evidence = _initial_choices(request, book, comparison), None
        return _QuestionPage(request, book, comparison, choices, evidence).show()
    posted = _posted(request, comparison)
    page = _QuestionPage(request, book, comparison, posted.choices, posted.evidence, posted)
    if posted.do not in ("save", "next"):
        return page.preview()
    return page.save()


def _initial_choices(
    request: SignedInRequest, book: RoundConsolidation, comparison: QuestionComparison
) -> MergeChoices:
    """Where the choices begin: with one contribution, everything united, or as decided before."""
    key = request.GET.get("take", "")
    if key.isascii() and key.isdigit() and int(key) in comparison.keys:
        return take_contribution(comparison, int(key))
    if key == "all":
        return unite_contributions(comparison)
    record = book.records.get(comparison.question.id)
    return propose_choices(comparison, record.choices if record else None)


def _posted(request: SignedInRequest, comparison: QuestionComparison) -> PostedDecision:
    post = request.POST
    picks = {k[2:]: v for k, v in post.items() if k.startswith("p:") and isinstance(v, str)}
    typed = {k[2:]: tuple(str(s) for s in post.getlist(k)) for k in post if k.startswith("t:")}
    rows = {r.address: tuple(post.getlist(f"r:{r.address}")) for r in comparison.repeats}
    seen = {_number(k[5:]): _number(v) for k, v in post.items() if k.startswith("seen:") and isinstance(v, str)}
    return PostedDecision(
        choices=MergeChoices(picks, {a: t for a, t in typed.items() if picks.get(a) == "edit"}, rows),
        seen=seen,
        revision=_number(post.get("_revision", "")),
        evidence=set(post.getlist("ev")),
        note=post.get("_why", ""),
        unsure=post.get("_unsure_note", "") if post.get("_unsure") == "1" else None,
        do=post.get("_do", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@dataclass(slots=True)
class _QuestionPage:
    """One question: shown, previewed or saved."""

    request: SignedInRequest
    book: RoundConsolidation
    comparison: QuestionComparison
    choices: MergeChoices
    evidence: set[str] | None
    posted: PostedDecision | None = None

    @property
    def response(self) -> Response:
        return self.book.response

    def preview(self) -> HttpResponse:
        """The answer being built and its effect; the whole page where no script asks."""
        if self.request.headers.get("HX-Request") == "true":
            return render(self.request, "survey/consolidating/_built.html", self.context())
        return self.show()

    def save(self) -> HttpResponseBase:
        """Saves, or shows the page again with what is open, wrong or has moved."""
        assert self.posted is not None
        posted, item = self.posted, self.comparison.question.id
        decision = consolidation.make_decision(self.book, self.comparison, posted.choices)
        if not decision.merged.is_whole:
            return self.show(status=422)
        shelf = shelves.read_round_evidence(self.book, item)
        try:
            saved = actions.save_consolidation(
                by=self.request.user,
                response=self.response,
                decision=decision,
                base_revision=posted.revision,
                seen=posted.seen,
                note=posted.note,
                unsure=posted.unsure,
                adopt=shelves.evidence_adopter(self.request.user, self.book, shelf, posted.evidence),
            )
        except NotEditable:
            return self.show(refused=closed_message(), status=409)
        except actions.ContributionsChanged as moved:
            return self.show(refused=self._moved(moved), status=409)
        if saved.conflict:
            return self.show(refused=_conflict_message(saved), status=409)
        messages.success(self.request, _saved_message(decision, saved))
        return self._after(item)

    def _moved(self, moved: actions.ContributionsChanged) -> str:
        names = {p.response: p.agency for p in self.book.parts.get(self.comparison.question.id, ())}
        who = ", ".join(names.get(k, "–") for k in moved.contributions)
        return _("%(who)s แก้ไขคำตอบระหว่างที่ท่านพิจารณา หน้านี้แสดงค่าใหม่แล้ว ยังไม่มีสิ่งใดถูกบันทึก") % {"who": who}

    def _after(self, item: str) -> HttpResponseBase:
        """The same question, or the next one that waits for a decision."""
        if self.posted is None or self.posted.do != "next":
            return redirect("survey:consolidate-item", self.response.pk, item)
        waiting = [e.question.id for e in consolidation.consolidation_overview(self.book) if e.is_open]
        order = [q.id for q in self.book.instrument.questions]
        later = [q for q in waiting if order.index(q) > order.index(item)]
        ahead = later or [q for q in waiting if q != item]
        if not ahead:
            return redirect("survey:consolidate", self.response.pk)
        return redirect("survey:consolidate-item", self.response.pk, ahead[0])

    def show(self, *, refused: str = "", status: int = 200) -> HttpResponse:
        """The whole page."""
        context = self.context(tried=status == 422)
        context["refused"] = refused
        return render(self.request, "survey/consolidating/question.html", context, status=status)

    def context(self, *, tried: bool = False) -> dict[str, Any]:
        """Everything the templates need."""
        book, item = self.book, self.comparison.question
        shelf = shelves.read_round_evidence(book, item.id)
        proofs = shelf.proofs(self.comparison)
        decision = consolidation.make_decision(book, self.comparison, self.choices)
        begins = shelves.preselected_evidence(proofs, decision)
        chosen = (
            begins | {shelves.UNLISTED_PREFIX + (p.place or "") for p in proofs}
            if self.evidence is None
            else self.evidence
        )
        adopted = shelves.adoptable_evidence(book, proofs, shelves.expand_selection(proofs, chosen, decision), decision)
        new = {p.place or "" for p in adopted if p.marked}
        whole = self.request.GET.get("ev") == "all"
        board = QuestionPresenter(book, decision, self.choices, proofs, reader_language(), begins, whole, tried)
        return {
            "response": self.response,
            "item": item,
            "title": item_title(item, reader_language()),
            "comparison": self.comparison,
            "whole": AGREEMENT_LABELS[self.comparison.whole],
            "board": board,
            "decision": decision,
            "chosen": chosen,
            "adopted": adopted,
            "unproven": board.unproven(shelf.marked | new),
            "effect": effects.compute_score_effect(
                book, {item.id: decision.values}, shelf.marked, new, item.sub_pillar or ""
            ),
            "parts": _contribution_rows(book, item.id, proofs),
            "waiting": _silent_agencies(book, item.id),
            "record": book.records.get(item.id),
            "news": [(n.part, CHANGE_LABELS[n.kind]) for n in book.news(item.id)],
            "edited": book.edited_since(item.id),
            "editable": is_editable(self.response),
            **self._kept(item.id),
            **_neighbour_questions(book, item.id),
        }

    def _kept(self, item: str) -> dict[str, Any]:
        """What the form carries along: revision, reasons, whether somebody should look again."""
        row: AnswerRow | None = self.book.rows.get(item)
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


def _contribution_rows(
    book: RoundConsolidation, item: str, proofs: Iterable[EvidenceCandidate]
) -> list[dict[str, Any]]:
    """The contributions with who and when, where each stands, and how much evidence it has."""
    some = list(proofs)
    return [
        {
            "part": part,
            "state": Assignment.State(part.task.state).label if part.task else "",
            "files": sum(p.contribution == part.response for p in some),
        }
        for part in book.parts.get(item, ())
        if part.values or part.row.unsure or part.is_declined
    ]


def _silent_agencies(book: RoundConsolidation, item: str) -> list[tuple[str, str]]:
    """Who was asked and has said nothing yet."""
    said = {p.code for p in book.parts.get(item, ()) if p.values}
    tasks = book.asked.get(item, {})
    return [(t.agency, str(Assignment.State(t.state).label)) for code, t in tasks.items() if code not in said]


def _neighbour_questions(book: RoundConsolidation, item: str) -> dict[str, Any]:
    """The questions before and after that agencies have answered."""
    ids = [q.id for q in book.instrument.questions if q.id == item or book.counting(q.id)]
    at = ids.index(item)
    return {
        "previous": ids[at - 1] if at else "",
        "following": ids[at + 1] if at + 1 < len(ids) else "",
        "section": book.instrument.items[item].section,
    }


def _conflict_message(saved: actions.SavedConsolidation) -> str:
    who = str(saved.answer.saved_by) if saved.answer else "–"
    return _("%(who)s บันทึกคำตอบจังหวัดข้อนี้ก่อนท่าน ยังไม่มีสิ่งใดถูกเขียนทับ โปรดเลือกอีกครั้งโดยดูคำตอบที่บันทึกอยู่") % {"who": who}


def _saved_message(decision: MergeDecision, saved: actions.SavedConsolidation) -> str:
    words = {"agencies": len(decision.used), "files": saved.evidence}
    if saved.evidence:
        return _("บันทึกคำตอบจังหวัดจาก %(agencies)d หน่วยงาน พร้อมหลักฐาน %(files)d รายการแล้ว") % words
    return _("บันทึกคำตอบจังหวัดจาก %(agencies)d หน่วยงานแล้ว") % words
