"""View of the review queue: the one piece of evidence at hand beside its question, and the list of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.undo import Undo
from evidence.files.refusal import EvidenceRefused
from evidence.models import MAX_REASON_LENGTH, Verdict
from evidence.reviewing.at_hand import EvidenceAtHand, read_at_hand
from evidence.reviewing.queue import OF_PROVINCE, SHOWN, QueueFilter, QueueItem, ReviewQueue, read_queue
from evidence.reviewing.returning import rejected_by_agency
from survey.access import get_provincial_response
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Response

PER_PAGE: Final = 30
STATES: Final[dict[str, str | Promise]] = {
    "open": gettext_lazy("รอตรวจทั้งหมด"),
    "changed": gettext_lazy("แก้แล้ว รอตรวจอีกครั้ง"),
    "rejected": gettext_lazy("ยังไม่รับ"),
    "accepted": gettext_lazy("รับแล้ว"),
    "all": gettext_lazy("ทั้งหมด"),
}
STATE_NAMES: Final[dict[str, str | Promise]] = {**STATES, "new": gettext_lazy("ยังไม่ตรวจ")}
VERDICTS: Final = (Verdict.ACCEPTED, Verdict.INSUFFICIENT, Verdict.WRONG_PASSAGE, Verdict.OUT_OF_DATE)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was sent and refused, shown again with the reason."""

    verdict: str
    reason: str
    refused: EvidenceRefused


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line of the list. `heading`: the question, where it is another than on the line before."""

    item: QueueItem
    heading: str
    state: str | Promise
    verdict: str
    is_at_hand: bool


@require_safe
@allow(Capability.EVIDENCE_REVIEW)
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The queue of a round; `?at=` names the evidence at hand, else it is the first of the page."""
    response = get_provincial_response(request.user, pk, Capability.EVIDENCE_REVIEW)
    return render_queue(request, response, request.GET)


def read_filter(query: QueryDict) -> QueueFilter:
    """What a query asks to be shown."""
    state = query.get("state", "")
    return QueueFilter(query.get("pillar", "")[:20], query.get("agency", "")[:40], state if state in SHOWN else "open")


def queue_url(pk: int, shown: QueueFilter, **more: str) -> str:
    """The address of the queue as it is shown."""
    state = shown.state if shown.state != "open" else ""
    query = {"pillar": shown.pillar, "agency": shown.agency, "state": state, **more}
    query = {name: value for name, value in query.items() if value}
    return reverse("evidence:review", args=[pk]) + (f"?{urlencode(query)}" if query else "")


def render_queue(
    request: SignedInRequest, response: Response, query: QueryDict, judged: Judged | None = None, status: int = 200
) -> HttpResponse:
    """The page. `judged`: what was refused of the evidence at hand."""
    queue, shown = read_queue(response), read_filter(query)
    instrument = compiled_instrument(response.round.instrument)
    chosen = shown.choose(instrument, queue.items)
    if judged is not None:  # what somebody else judged meanwhile is shown with the reason all the same
        chosen = [item for item in queue.items if item in chosen or item.id == query.get("at")]
    places = {item.id: number for number, item in enumerate(chosen)}
    at = places.get(query.get("at", ""))
    page = Paginator(chosen, PER_PAGE).get_page(query.get("page") if at is None else at // PER_PAGE + 1)
    first = page.start_index() - 1 if chosen else 0
    at = first if at is None else at
    hand = read_at_hand(request.user, queue, chosen[at], response) if chosen else None
    own_answer = _("คำตอบของ%(own)s") % response.round.province.words
    context: dict[str, Any] = {
        "response": response,
        "round": response.round,
        "queue": queue,
        "shown": shown,
        "page": page,
        "rows": _rows(instrument, list(page), hand),
        "hand": hand,
        "number": at + 1,
        "judged": judged,
        "undo": _undo(request, response, queue, query, shown),
        "rejected": [a for a in rejected_by_agency(queue) if shown.agency in ("", a.code)],
        "here": queue_url(response.pk, shown),
        "max_reason": MAX_REASON_LENGTH,
        **_neighbours(response, shown, chosen, at),
        "own_answer": own_answer,
        **_choices(queue, instrument, own_answer),
    }
    return render(request, "evidence/reviewing/review.html", context, status=status)


def _neighbours(response: Response, shown: QueueFilter, chosen: list[QueueItem], at: int) -> dict[str, str]:
    """The addresses of the evidence before and behind, and which comes after a verdict."""
    before = chosen[at - 1].id if at > 0 else ""
    behind = chosen[at + 1].id if at + 1 < len(chosen) else ""
    return {
        "previous_url": f"{queue_url(response.pk, shown, at=before)}#hand" if before else "",
        "next_url": f"{queue_url(response.pk, shown, at=behind)}#hand" if behind else "",
        "next": behind or before,
    }


def _choices(queue: ReviewQueue, instrument: CompiledInstrument, own_answer: str) -> dict[str, Any]:
    """What can be chosen: verdicts with their keys, pillars, agencies, states with their numbers."""
    language = reader_language()
    agencies = {item.agency or OF_PROVINCE: item.agency_name or own_answer for item in queue.items}
    counts = {**queue.counts, "open": queue.open, "all": len(queue.items)}
    return {
        "verdicts": [(number, verdict.value, verdict.label) for number, verdict in enumerate(VERDICTS, start=1)],
        "pillars": [(pillar.number, pillar.name.to(language)) for pillar in instrument.pillars],
        "agencies": sorted(agencies.items(), key=lambda pair: (pair[0] != OF_PROVINCE, pair[1])),
        "states": [(state, label, counts.get(state, 0)) for state, label in STATES.items()],
    }


def _rows(instrument: CompiledInstrument, items: list[QueueItem], hand: EvidenceAtHand | None) -> list[QueueRow]:
    rows: list[QueueRow] = []
    before, language = "", reader_language()
    for item in items:
        question = instrument.items[item.question]
        title = f"{question.code or ''} {question.ask.to(language)}".strip()
        rows.append(
            QueueRow(
                item,
                title if item.question != before else "",
                STATE_NAMES[item.state],
                str(Verdict(item.verdict).label) if item.verdict else "",
                hand is not None and hand.item.id == item.id,
            )
        )
        before = item.question
    return rows


def _undo(
    request: SignedInRequest, response: Response, queue: ReviewQueue, query: QueryDict, shown: QueueFilter
) -> Undo | None:
    """What the person judged last, if it stands as they left it; `judged=` names attachment and event."""
    key, _dot, seq = query.get("judged", "").partition(".")
    said = queue.told.get(key, [])
    if not said or str(said[-1].seq) != seq or said[-1].by_id != request.user.pk:
        return None
    last, name = said[-1], next((item.name for item in queue.items if item.id == key), "")
    label = Verdict(last.verdict).label if last.verdict in Verdict.values else last.verdict
    return Undo(
        text=_("ตัดสินแล้ว: %(name)s – %(verdict)s") % {"name": name, "verdict": label},
        url=reverse("evidence:judge-undo", args=[last.response, key, last.seq])
        + f"?{queue_url(response.pk, shown).partition('?')[2]}",
        about=name,
    )
