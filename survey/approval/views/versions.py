"""Views of the approved versions of an answer: the list, and what each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.stored_files import private_file_response
from evidence.attaching.proving import REJECTING, is_claimed, lacking_state
from evidence.attaching.queries import flagged_contents
from survey import access
from survey.access import get_provincial_response
from survey.approval.frozen_facts import FrozenFacts, read_frozen_facts
from survey.approval.review import allowed_transitions
from survey.approval.views.decision import guard_rows
from survey.approval.views.reading import answer_sections
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument
from survey.models import FrozenResponse, Instrument, Response


@require_safe
@allow(Capability.RESPONSE_READ)
def versions(request: SignedInRequest, pk: int) -> HttpResponse:
    """The approved versions, newest first."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    rows = FrozenResponse.objects.filter(response=response).order_by("-number")
    context = {
        "response": response,
        "versions": read_frozen_facts(rows),
        "steps": allowed_transitions(request, response),
        "may_journal": access.has_response_capability(request.user, response, Capability.JOURNAL_READ),
    }
    return render(request, "survey/approval/versions.html", context)


@require_safe
@allow(Capability.RESPONSE_READ)
def version(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What an approved version says, and whether its hash still proves it."""
    response, frozen_version = _get_version(request, pk, number)
    (facts,) = read_frozen_facts([frozen_version])
    return _version_page(request, response, facts)


@require_safe
@allow(Capability.RESPONSE_READ)
def content(request: SignedInRequest, pk: int, number: int) -> HttpResponseBase:
    """Downloads the canonical text of a version; the page of the version (503) when its hash does not prove it."""
    response, frozen_version = _get_version(request, pk, number)
    (facts,) = read_frozen_facts([frozen_version])
    if facts.faults:
        return _version_page(request, response, facts, status=503)
    text = ContentFile(frozen_version.content.encode())
    return private_file_response(text, name=_file_name(response, number), media_type="application/json", size=text.size)


def _get_version(request: SignedInRequest, pk: int, number: int) -> tuple[Response, FrozenResponse]:
    """The response and its version; Http404."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    row = FrozenResponse.objects.filter(response=response, number=number).first()
    if row is None:
        raise Http404
    return response, row


def _file_name(response: Response, number: int) -> str:
    return f"dgready-{response.round.province.code}-{response.round.year}-v{number}.json"


def _version_page(request: SignedInRequest, response: Response, facts: FrozenFacts, status: int = 200) -> HttpResponse:
    file_name = _file_name(response, facts.number)
    context: dict[str, Any] = {"response": response, "version": facts, "faults": facts.faults, "file": file_name}
    data = facts.data
    if data is None:
        return render(request, "survey/approval/version.html", context, status=status)
    path = _frozen_path(data)
    if path is not None:
        files: dict[str, list[dict[str, Any]]] = {}
        active = flagged_contents(one["sha256"] for one in data["evidence"]).active
        for one in data["evidence"]:
            shown = {**one, "active": one["sha256"] in active, **_standing_of_frozen(one)}
            files.setdefault(one["address"], []).append(shown)
        notes = {q: a["note"] or "–" for q, a in data["answers"].items() if a["unsure"]}
        context["sections"] = list(answer_sections(path, files, notes))
    context |= {"data": data, "points": data["open_points"], "language": reader_language()}
    context["guards"] = guard_rows(data["submitted"].get("guards", []))
    return render(request, "survey/approval/version.html", context, status=status)


def _standing_of_frozen(one: Mapping[str, Any]) -> dict[str, Any]:
    """Whether frozen evidence counted, and what its marks lacked, as it was approved."""
    states = [mark.get("state", "") for mark in one["marks"]]
    claimed = is_claimed(states, url=one["url"], infected=False, to_confirm=one.get("to_confirm", False))
    return {"counts": claimed and one.get("verdict", "") not in REJECTING, "lacking": lacking_state(states)}


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
