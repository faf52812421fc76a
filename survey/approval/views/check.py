"""What is missing before submission, and submitting with a reason for each open point."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey import access
from survey.access import get_provincial_response
from survey.answering.checker import OpenPoint
from survey.approval import actions as workflow
from survey.approval.review import (
    ReviewState,
    allowed_transitions,
    count_by_kind,
    current_open_points,
    open_points_of,
    point_href,
    read_review_state,
)
from survey.assigning import queries as parts
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath
from survey.journal.event_texts import item_title
from survey.models import Response
from survey.workflow import response_states as states

POINT_KINDS: dict[str, tuple[str | Promise, str]] = {
    "missing": (gettext_lazy("ยังไม่ได้ตอบ"), "pencil-square"),
    "no_file": (gettext_lazy("ยังไม่แนบหลักฐาน"), "paperclip"),
    "no_mark": (gettext_lazy("หลักฐานยังไม่ทำเครื่องหมาย"), "highlighter"),
    "contradiction": (gettext_lazy("คำตอบขัดแย้งกัน"), "exclamation-triangle"),
    "date": (gettext_lazy("วันที่อยู่นอกช่วงเวลา"), "calendar-x"),
    "url": (gettext_lazy("ที่อยู่เว็บไม่ถูกต้อง"), "link-45deg"),
    "unsure": (gettext_lazy("ผู้ตอบขอให้ตรวจอีกครั้ง"), "question-circle"),
    "comment": (gettext_lazy("ข้อสังเกตที่ยังไม่ได้แก้ไข"), "chat-left-text"),
}
# The sentences of these kinds begin with the kind, which is already the heading above them.
_KINDS_WITHOUT_PREFIX = frozenset({"missing", "no_file", "url", "unsure", "comment"})
MAX_REASON = workflow.MAX_REASON


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every open point, each with a link that lands on its field; `?kind=` shows one kind."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    stands = read_review_state(response)
    points = open_points_of(response, stands)
    handed_in: frozenset[str] = frozenset()
    if not response.is_provincial:
        scope = parts.answer_scope(response)
        points, handed_in = agency_points(points, scope, stands), frozenset(scope.asked.keys() - scope.writable.keys())
    kind = request.GET.get("kind", "")
    chosen = [p for p in points if p.kind == kind] if kind in POINT_KINDS else points
    context = {
        "response": response,
        "total": len(points),
        "kind": kind if kind in POINT_KINDS else "",
        "kinds": kind_counts(points),
        "sections": points_by_section(response, chosen, stands.path, handed_in),
        "steps": allowed_transitions(request, response),
        "refusal": _submit_refusal(request, response),
        "read_only": not response.is_editable,
    }
    return render(request, "survey/approval/check.html", context)


def agency_points(points: Iterable[OpenPoint], scope: parts.AnswerScope, stands: ReviewState) -> list[OpenPoint]:
    """The points of a contribution that its agency has to see to: in what it was asked for, and remarks.

    Where it answers only if it has something, nothing is missing until it has begun.
    """
    return [
        p
        for p in points
        if p.kind == "comment"
        or (
            item_id_of(p.address) in scope.asked.get(p.question, ())
            and not (p.kind == "missing" and p.question in scope.loose and p.question not in stands.rows)
        )
    ]


def _submit_refusal(request: SignedInRequest, response: Response) -> str:
    """Why somebody who submits cannot do it now."""
    if not (response.is_provincial and access.has_response_capability(request.user, response, Capability.SUBMIT)):
        return ""
    return states.refusal_message(request.user, response, "submit")


def kind_counts(points: Iterable[OpenPoint]) -> list[dict[str, Any]]:
    """The kinds there are, with their counts."""
    counted = count_by_kind(list(points))
    return [
        {"kind": kind, "label": label, "icon": icon, "count": counted[kind]}
        for kind, (label, icon) in POINT_KINDS.items()
        if kind in counted
    ]


def points_by_section(
    response: Response, points: Iterable[OpenPoint], path: QuestionnairePath, handed_in: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The points by page of the form and, inside, by kind. `handed_in`: questions the agency has let go of."""
    out: dict[str, dict[str, Any]] = {}
    for point in points:
        section = path.instrument.by_section.get(point.section)
        group = out.setdefault(
            point.section,
            {
                "code": (section.sub_pillar or "") if section else "",
                "title": section.title.to(reader_language()) if section else _("ทั้งฉบับ"),
                "count": 0,
                "kinds": {},
            },
        )
        label, icon = POINT_KINDS[point.kind]
        entry = group["kinds"].setdefault(point.kind, {"label": label, "icon": icon, "points": []})
        entry["points"].append({**point_line(response, point, path), "handed_in": point.question in handed_in})
        group["count"] += 1
    for group in out.values():
        group["kinds"] = [group["kinds"][kind] for kind in POINT_KINDS if kind in group["kinds"]]
    return list(out.values())


def point_line(response: Response, point: OpenPoint, path: QuestionnairePath) -> dict[str, Any]:
    """A point as a line: where its link lands, what it says, and the question around it."""
    language = reader_language()
    text = point.message.to(language)
    question = path.instrument.items.get(point.question)
    where = item_title(question, language) if question else ""
    bare = text.partition(": ")[2] if point.kind in _KINDS_WITHOUT_PREFIX else text
    return {
        "href": point_href(response, point, path),
        "text": bare or text,
        "where": "" if where.endswith(bare or text) else where,
        "key": point.key,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submitting: at once when nothing is open, else with a reason for each point."""
    response = get_provincial_response(request.user, pk, Capability.SUBMIT)
    if request.method != "POST":
        return _submit_page(request, response, _earlier_reasons(response), status=200)
    given = {
        name.partition(":")[2]: text
        for name, text in request.POST.dict().items()
        if name.startswith(("why:", "all:")) and isinstance(text, str) and text.strip()
    }
    try:
        workflow.submit_response(by=request.user, response=response, points=current_open_points, reasons=given)
    except workflow.UnexplainedPoints as refused:
        missing = {p.key for p in refused.points}
        return _submit_page(request, response, given, missing=missing, refused=str(refused), status=422)
    except states.TransitionRefused as refused:
        response.refresh_from_db(fields=["state", "version", "head"])
        return _submit_page(request, response, given, refused=str(refused), status=409)
    messages.success(request, _("เสนอผู้ว่าราชการจังหวัดแล้ว"))
    return redirect("survey:brief", pk)


def _earlier_reasons(response: Response) -> dict[str, str]:
    """The reasons of the last submission, for points that are still open."""
    return {f"{p['kind']}:{p['address']}": p["reason"] for p in response.open_points}


def _submit_page(
    request: SignedInRequest,
    response: Response,
    given: Mapping[str, str],
    *,
    missing: Iterable[str] = (),
    refused: str = "",
    status: int,
) -> HttpResponse:
    stands = read_review_state(response)
    lacking = set(missing)
    groups: dict[str, dict[str, Any]] = {}
    for point in open_points_of(response, stands):
        label, icon = POINT_KINDS[point.kind]
        group = groups.setdefault(
            point.kind,
            {"kind": point.kind, "label": label, "icon": icon, "reason": given.get(point.kind, ""), "points": {}},
        )
        line = {**point_line(response, point, stands.path), "reason": given.get(point.key, "")}
        # Two files at one place are one point to explain.
        group["points"].setdefault(point.key, {**line, "texts": [], "lacking": point.key in lacking})
        group["points"][point.key]["texts"].append(line["text"])
    context = {
        "response": response,
        "groups": [groups[kind] for kind in POINT_KINDS if kind in groups],
        "refused": refused,
        "lacking": len(lacking),
        "refusal": states.refusal_message(request.user, response, "submit"),
        "max_reason": MAX_REASON,
    }
    return render(request, "survey/approval/submit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Taking a submitted answer back, after a question."""
    response = get_provincial_response(request.user, pk, Capability.SUBMIT)
    refused = ""
    if request.method == "POST":
        try:
            workflow.withdraw_response(by=request.user, response=response)
        except states.TransitionRefused as caught:
            refused = str(caught)
        else:
            messages.success(request, _("ถอนกลับมาแก้ไขแล้ว"))
            return redirect("survey:check", pk)
    context = {
        "response": response,
        "refused": refused or states.refusal_message(request.user, response, "withdraw"),
    }
    return render(request, "survey/approval/withdraw.html", context, status=409 if refused else 200)
