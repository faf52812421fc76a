"""Pages that read answers: the current ones pillar by pillar, open whole; and any answers as questions with lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey import access
from survey.answering.views.card_context import shown_questions
from survey.approval.review import allowed_transitions, read_review_state
from survey.instrument.addresses import item_id_of
from survey.instrument.off_path import off_path_reason, off_path_state
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import CompiledInstrument, Item
from survey.journal import event_texts as describe
from survey.models import Response

FilesByPlace = Mapping[str, list[dict[str, Any]]]
NO_PILLAR = "0"  # stands in addresses for the sections under no pillar


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """The current answers of one pillar as text: that of `?pillar=` or of the form's `?section=`, else the first."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    state = read_review_state(response, comments=False)
    files = {
        place: [
            {
                "name": p.name,
                "counts": p.marked,
                "lacking": p.lacking,
                "active": p.active,
                "infected": p.infected,
            }
            for p in some
        ]
        for place, some in state.evidence.items()
    }
    notes = {q: row.note or "–" for q, row in state.answers.items() if row.unsure}
    shown = shown_questions(request, response, answered=state.answers)
    pages = _reading_pages(state.path.instrument, shown)
    chosen = _chosen_page(request, pages)
    sections = answer_sections(state.path, files, notes, only=pages[chosen]["sections"] if chosen else (), shown=shown)
    keys = list(pages)
    at = keys.index(chosen) if chosen else 0
    context = {
        "response": response,
        "pages": pages.values(),
        "page": pages.get(chosen),
        "previous": pages[keys[at - 1]] if at else None,
        "following": pages[keys[at + 1]] if at + 1 < len(keys) else None,
        "sections": list(sections),
        "steps": allowed_transitions(request, response),
    }
    return render(request, "survey/approval/answers.html", context)


def reading_page(response: Response, section: str) -> str:
    """The address of the page that reads a section of the form; ids of questions and fields are those of the form."""
    return f"{reverse('survey:answers', args=[response.pk])}?{urlencode({'section': section})}"


def _reading_pages(instrument: CompiledInstrument, shown: Collection[str] | None) -> dict[str, dict[str, Any]]:
    """The pages in the order of the form: each pillar's number, name and sections that have something to read."""
    names = {p.number: p.name.to(reader_language()) for p in instrument.pillars}
    pages: dict[str, dict[str, Any]] = {}
    for section in instrument.sections:
        if shown is not None and not any(q.id in shown for q in instrument.questions_of(section.id)):
            continue
        number = section.pillar or ""
        name = names.get(number) or _("ข้อมูลทั่วไป")
        page = pages.setdefault(
            number or NO_PILLAR, {"key": number or NO_PILLAR, "number": number, "name": name, "sections": []}
        )
        page["sections"].append(section.id)
    return pages


def _chosen_page(request: SignedInRequest, pages: Mapping[str, dict[str, Any]]) -> str:
    section, pillar = request.GET.get("section", ""), request.GET.get("pillar", "")
    by_section = next((key for key, page in pages.items() if section in page["sections"]), "")
    return by_section or (pillar if pillar in pages else next(iter(pages), ""))


def answer_sections(
    path: QuestionnairePath,
    files: FilesByPlace,
    notes: Mapping[str, str],
    *,
    only: Collection[str] | None = None,
    shown: Collection[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Section by section, question by question: each open field with its answer, each place with its evidence.

    `only`: these sections; `shown`: these questions.
    """
    language = reader_language()
    lines: dict[str, list[dict[str, Any]]] = {}
    for field in path.fields.values():
        if field.item.kind != "repeat" and (only is None or field.item.section in only):
            lines.setdefault(field.question, []).append(_answer_line(path, field.address))
    for place in path.places.values():
        if only is None or place.item.section in only:
            where = " › ".join(describe.describe_address(path.instrument, place.address, path.values, language))
            proof = {"where": where, "files": files.get(place.address, [])}
            lines.setdefault(place.question, []).append({"proof": proof, "address": place.address})
    for section in path.instrument.sections:
        if only is not None and section.id not in only:
            continue
        questions = [
            _question(path, question, lines.get(question.id, []), notes.get(question.id, ""))
            for question in path.instrument.questions_of(section.id)
            if shown is None or question.id in shown
        ]
        title = section.title.to(language)
        yield {"id": section.id, "code": section.sub_pillar or "", "title": title, "questions": questions}


def _question(path: QuestionnairePath, item: Item, lines: list[dict[str, Any]], note: str) -> dict[str, Any]:
    language = reader_language()
    off = off_path_reason(path, item)
    waiting = off_path_state(path, off).waiting if off else ()
    return {
        "id": item.id,
        "code": item.code,
        "title": item.ask.to(language),
        "lines": lines,
        "skipped": off is not None,
        "waiting": ", ".join(one.code or one.ask.to(language) for one in waiting),
        "unsure": note,
    }


def _answer_line(path: QuestionnairePath, address: str) -> dict[str, Any]:
    language = reader_language()
    words = describe.describe_address(path.instrument, address, path.values, language)
    given = describe.describe_value(path.instrument, address, path.values.get(address), language)
    item = path.instrument.items[item_id_of(address)]
    unit = item.unit.to(language) if given and item.kind == "number" else ""
    return {"where": " › ".join(words) or _("คำตอบ"), "value": f"{given} {unit}".strip(), "address": address}
