"""Views of stored answers: the current ones, and those of each approved version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey import access
from survey.access import get_provincial_response
from survey.approval.review import allowed_transitions, read_review_state
from survey.approval.snapshot import read_snapshot, verify_snapshot
from survey.approval.views.decision import guard_rows
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import Item
from survey.journal import event_texts as describe
from survey.models import Event, FrozenResponse, Instrument

FilesByPlace = Mapping[str, list[dict[str, Any]]]


@require_safe
@allow(Capability.RESPONSE_READ)
def versions(request: SignedInRequest, pk: int) -> HttpResponse:
    """The approved versions, newest first."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    rows = FrozenResponse.objects.filter(response=response).select_related("approved_by", "voided_by")
    told = Event.objects.filter(response=response, verb="response.approve").values_list("data", flat=True)
    orders = {data["number"]: data.get("delegation", {}).get("document", "") for data in told}
    context = {
        "response": response,
        "versions": [(row, orders.get(row.number, "")) for row in rows.defer("content").order_by("-number")],
        "steps": allowed_transitions(request, response),
        "may_journal": access.has_response_capability(request.user, response, Capability.JOURNAL_READ),
    }
    return render(request, "survey/approval/versions.html", context)


@require_safe
@allow(Capability.RESPONSE_READ)
def version(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What an approved version says, and whether its hash still proves it."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    rows = FrozenResponse.objects.select_related("approved_by", "voided_by")
    frozen_version = rows.filter(response=response, number=number).first()
    if frozen_version is None:
        raise Http404
    faults = verify_snapshot(frozen_version)
    context: dict[str, Any] = {"response": response, "version": frozen_version, "faults": faults}
    try:
        data = read_snapshot(frozen_version)
    except ValueError:
        return render(request, "survey/approval/version.html", context)
    path = _frozen_path(data)
    if path is not None:
        files: dict[str, list[dict[str, Any]]] = {}
        for one in data["evidence"]:
            files.setdefault(one["address"], []).append(one)
        notes = {q: a["note"] or "–" for q, a in data["answers"].items() if a["unsure"]}
        context["sections"] = list(answer_sections(path, files, notes))
    context |= {"data": data, "points": data["open_points"], "language": reader_language()}
    context["guards"] = guard_rows(data["submitted"].get("guards", []))
    return render(request, "survey/approval/version.html", context)


def _frozen_path(data: Mapping[str, Any]) -> QuestionnairePath | None:
    """The path of the frozen answers through the instrument they were given to."""
    named = {k: data["instrument"][k] for k in ("key", "year", "version", "checksum")}
    row = Instrument.objects.defer("source").filter(**named).first()
    if row is None:
        return None
    values: dict[str, Any] = {}
    for answer in data["answers"].values():
        values.update(answer["value"])
    return resolve_path(compiled_instrument(row), values)


@require_safe
@allow(Capability.RESPONSE_READ)
def answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """The current answers, read only."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    state = read_review_state(response, comments=False)
    files = {
        place: [{"name": p.name, "marks": p.marked, "url": ""} for p in some] for place, some in state.evidence.items()
    }
    notes = {q: row.note or "–" for q, row in state.answers.items() if row.unsure}
    context = {
        "response": response,
        "sections": list(answer_sections(state.path, files, notes)),
        "steps": allowed_transitions(request, response),
    }
    return render(request, "survey/approval/answers.html", context)


def answer_sections(path: QuestionnairePath, files: FilesByPlace, notes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Page by page, question by question: each open field with its answer, each place with its evidence."""
    language = reader_language()
    lines: dict[str, list[dict[str, Any]]] = {}
    for field in path.fields.values():
        if field.item.kind != "repeat":
            lines.setdefault(field.question, []).append(_answer_line(path, field.address))
    for place in path.places.values():
        where = " › ".join(describe.describe_address(path.instrument, place.address, path.values, language))
        proof = {"where": where, "files": files.get(place.address, [])}
        lines.setdefault(place.question, []).append({"proof": proof})
    for section in path.instrument.sections:
        questions = [
            {
                "id": q.id,
                "code": q.code,
                "title": q.ask.to(language),
                "lines": lines.get(q.id, []),
                "skipped": _is_off_path(path, q),
                "unsure": notes.get(q.id, ""),
            }
            for q in path.instrument.questions_of(section.id)
        ]
        title = section.title.to(language)
        yield {"id": section.id, "code": section.sub_pillar or "", "title": title, "questions": questions}


def _answer_line(path: QuestionnairePath, address: str) -> dict[str, Any]:
    language = reader_language()
    words = describe.describe_address(path.instrument, address, path.values, language)
    given = describe.describe_value(path.instrument, address, path.values.get(address), language)
    item = path.instrument.items[item_id_of(address)]
    unit = item.unit.to(language) if given and item.kind == "number" else ""
    return {"where": " › ".join(words) or _("คำตอบ"), "value": f"{given} {unit}".strip()}


def _is_off_path(path: QuestionnairePath, question: Item) -> bool:
    return question.id not in path.on_items
