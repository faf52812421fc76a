"""Making the provincial answer out of contributions: the overview, one question, and all that agree at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey.access import get_provincial_response
from survey.answering.actions import NotEditable
from survey.consolidating import actions
from survey.consolidating import queries as consolidation
from survey.consolidating.merge import propose_choices
from survey.consolidating.queries import MergeDecision, OverviewEntry, RoundConsolidation
from survey.consolidating.views import evidence as shelves
from survey.consolidating.views import score_effect as effects
from survey.consolidating.views.evidence import EvidenceCandidate, RoundEvidence
from survey.journal.event_texts import item_title
from survey.models import Event, Response

allow_answer_edit = allow(Capability.ANSWER_EDIT)

AGREEMENT_LABELS: dict[str, str | Promise] = {
    "nobody": gettext_lazy("ยังไม่มีหน่วยงานตอบ"),
    "single": gettext_lazy("หน่วยงานเดียว"),
    "agree": gettext_lazy("ตรงกัน"),
    "partly": gettext_lazy("เติมกันได้"),
    "differ": gettext_lazy("ต่างกัน"),
}
REASON_LABELS: dict[str, str | Promise] = {
    "differ": gettext_lazy("หน่วยงานตอบต่างกัน"),
    "partly": gettext_lazy("แต่ละหน่วยงานตอบไม่ครบเท่ากัน ต้องรวม"),
    "drafts": gettext_lazy("ยังมีหน่วยงานที่กำลังตอบ"),
    "numbers": gettext_lazy("ตัวเลขเท่ากัน อาจเป็นยอดเดียวกันหรือต้องรวมยอด"),
    "unsure": gettext_lazy("มีหน่วยงานขอให้ตรวจอีกครั้ง"),
    "province": gettext_lazy("จังหวัดมีคำตอบที่ต่างออกไป"),
    "invalid": gettext_lazy("คำตอบที่รวมแล้วยังไม่ถูกต้อง"),
}
FILTER_LABELS: dict[str, str | Promise] = {
    "open": gettext_lazy("ต้องตัดสิน"),
    "agree": gettext_lazy("ตรงกัน"),
    "differ": gettext_lazy("ต่างกัน"),
    "news": gettext_lazy("เปลี่ยนหลังรวม"),
    "done": gettext_lazy("รวมแล้ว"),
    "nobody": gettext_lazy("ยังไม่มีหน่วยงานตอบ"),
}


def _matches_filter(entry: OverviewEntry, show: str) -> bool:
    """Whether a question belongs to a filter of the overview."""
    return {
        "open": entry.is_open,
        "agree": entry.takes,
        "differ": entry.whole in ("differ", "partly"),
        "news": entry.news > 0,
        "done": entry.record is not None and not entry.news,
        "nobody": entry.whole == "nobody",
    }[show]


# -- the overview ---------------------------------------------------------------------------------


@require_safe
@allow_answer_edit
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every question: who answered, whether they agree, what was decided, what changed since (`?show=`)."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    book = consolidation.read_consolidation(response)
    entries = consolidation.consolidation_overview(book)
    show = request.GET.get("show", "")
    show = show if show in FILTER_LABELS else ""
    context = {
        "response": response,
        "show": show,
        "filters": [
            (key, label, sum(_matches_filter(e, key) for e in entries)) for key, label in FILTER_LABELS.items()
        ],
        "total": len(entries),
        "sections": _entries_by_section(book, [e for e in entries if not show or _matches_filter(e, show)]),
        "takes": sum(e.takes for e in entries),
        "done": sum(e.record is not None for e in entries),
        "answered": sum(bool(e.parts) for e in entries),
        "editable": is_editable(response),
    }
    return render(request, "survey/consolidating/overview.html", context)


def _entries_by_section(book: RoundConsolidation, entries: Iterable[OverviewEntry]) -> list[dict[str, Any]]:
    language = reader_language()
    out: dict[str, dict[str, Any]] = {}
    for entry in entries:
        section = book.instrument.by_section[entry.question.section]
        group = {"code": section.sub_pillar or "", "title": section.title.to(language), "entries": []}
        out.setdefault(section.id, group)["entries"].append(
            {
                "row": entry,
                "title": item_title(entry.question, language),
                "whole": AGREEMENT_LABELS[entry.whole],
                "why": REASON_LABELS.get(entry.why, ""),
            }
        )
    return list(out.values())


def closed_message() -> str:
    """Why nothing can be saved."""
    return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะเสนอหรืออนุมัติแล้ว หรือปิดรอบแล้ว")


def is_editable(response: Response) -> bool:
    """Whether the provincial answer may change now."""
    return response.is_editable and not response.round.is_closed(timezone.now())


# -- all that agree -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@allow_answer_edit
def agreed(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """What taking all that agree would do, with its effect on the score; POST does it."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    book = consolidation.read_consolidation(response)
    shelf = shelves.read_round_evidence(book)
    if request.method == "POST":
        adopt = shelves.evidence_adopter(request.user, book, shelf) if "_evidence" in request.POST else None
        try:
            event = actions.consolidate_agreed(by=request.user, response=response, adopt=adopt)
        except NotEditable:
            messages.error(request, closed_message())
            return redirect("survey:consolidate", pk)
        return redirect("survey:consolidate-report", pk, event.seq)
    decisions = [_agreed_decision(book, e) for e in consolidation.consolidation_overview(book) if e.takes]
    proofs = {d.question: _agreed_evidence(book, shelf, d) for d in decisions}
    adopted = {p.place or "" for some in proofs.values() for p in some}
    context = {
        "response": response,
        "editable": is_editable(response),
        "taken": [
            (item_title(d.comparison.question, reader_language()), d, len(proofs[d.question])) for d in decisions
        ],
        "left": _left_questions(
            book, {e.question.id: e.why for e in consolidation.consolidation_overview(book) if e.why}
        ),
        "effect": effects.compute_score_effect(book, {d.question: d.values for d in decisions}, shelf.marked, adopted),
        "evidence": sum(len(some) for some in proofs.values()),
    }
    return render(request, "survey/consolidating/agreed.html", context)


def _agreed_decision(book: RoundConsolidation, entry: OverviewEntry) -> MergeDecision:
    comparison = book.handed_in(entry.question.id, book.current(entry.question.id))
    return consolidation.make_decision(book, comparison, propose_choices(comparison))


def _agreed_evidence(
    book: RoundConsolidation, shelf: RoundEvidence, decision: MergeDecision
) -> list[EvidenceCandidate]:
    proofs = shelf.proofs(decision.comparison)
    return shelves.adoptable_evidence(book, proofs, shelves.preselected_evidence(proofs, decision), decision)


def _left_questions(book: RoundConsolidation, left: dict[str, str]) -> list[tuple[str, str, str | Promise]]:
    language = reader_language()
    items = book.instrument.items
    return [(q, item_title(items[q], language), REASON_LABELS.get(why, why)) for q, why in left.items() if q in items]


@require_safe
@allow_answer_edit
def report(request: SignedInRequest, pk: int, seq: int) -> HttpResponse:
    """What taking all that agree did, as the journal tells it."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    rows = Event.objects.select_related("by")
    event = rows.filter(response=response, seq=seq, verb="consolidation.agreed").first()
    if event is None:
        raise Http404
    book = consolidation.read_consolidation(response)
    items = book.instrument.items
    taken = [(q, item_title(items[q], reader_language())) for q in event.data["taken"] if q in items]
    context = {
        "response": response,
        "event": event,
        "taken": taken,
        "left": _left_questions(book, event.data["left"]),
        "evidence": event.data["evidence"],
    }
    return render(request, "survey/consolidating/report.html", context)
