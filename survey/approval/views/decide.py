"""Views of the governor's decisions: approve, return with remarks, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import verify_password
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from dgready.language import reader_language
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.access import get_provincial_response
from survey.approval.actions import MAX_REASON, approve_response, reopen_response, return_response
from survey.approval.review import read_evidence_and_score
from survey.approval.review_events import read_review_events
from survey.approval.views.decision import decision_context
from survey.approval.views.score_card import score_card
from survey.committee.delegation_queries import acting_delegation
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.journal.event_texts import item_title
from survey.models import Response
from survey.threads import comments
from survey.threads.comments import NewComment
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_states import refusal_message

METHODS = ["GET", "HEAD", "POST"]
ROWS = 5  # remark rows to begin with, and more with each press of "more"
MAX_ROWS = 60


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(METHODS)
@allow(Capability.APPROVE)
@asks_second_factor_again
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approves the version that was looked at, after the password again."""
    response = get_provincial_response(request.user, pk, Capability.APPROVE, with_points=True)
    refusal = refusal_message(request.user, response, "approve")
    if request.method != "POST":
        return _approve_page(request, response, refusal=refusal)
    if refusal:
        return _approve_page(request, response, refusal=refusal, status=409)
    if not verify_password(request.user, request.POST.get("password", ""), request=request):
        return _approve_page(request, response, wrong=_("รหัสผ่านไม่ถูกต้อง"), status=422)
    try:
        approve_response(
            by=request.user,
            response=response,
            compose=read_evidence_and_score,
            seen=_number(request.POST.get("version")),
        )
    except TransitionRefused as refused:
        fresh = get_provincial_response(request.user, pk, Capability.APPROVE, with_points=True)
        still = refusal_message(request.user, fresh, "approve")
        return _approve_page(request, fresh, refusal=still, refused=str(refused), status=409)
    except (MissingScheme, FaultyScheme):
        words = _("อนุมัติไม่ได้ เพราะยังไม่มีเกณฑ์คะแนนที่ใช้ได้ของแบบสำรวจนี้ โปรดแจ้งผู้ดูแลระบบ")
        return _approve_page(request, response, refused=words, status=422)
    messages.success(request, _("อนุมัติแล้ว คำตอบ หลักฐาน และคะแนนถูกตรึงไว้ด้วยกัน สร้างหนังสือรับรองได้จากหน้านี้"))
    return redirect("survey:brief", pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def _approve_page(
    request: SignedInRequest,
    response: Response,
    *,
    refusal: str = "",
    refused: str = "",
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "response": response,
        "refusal": refusal,
        "refused": "" if refused == refusal else refused,
        "wrong": wrong,
    }
    if not refusal:
        context |= {
            "card": score_card(response),
            "acting": acting_delegation(request.user, response.round.province_id, timezone.localdate()),
            **decision_context(response, read_review_events(response)),
        }
    return render(request, "survey/approval/approve.html", context, status=status)


@require_http_methods(METHODS)
@allow(Capability.RETURN)
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Returns with remarks on questions, on the whole, or both. `more` only adds rows."""
    response = get_provincial_response(request.user, pk, Capability.RETURN, with_points=True)
    if request.method != "POST" or "more" in request.POST:
        return _return_page(request, response)
    rows = questions_by_item_id(response.round.instrument)
    remarks = [
        NewComment(rows.get(line["question"]), line["text"], not line["free"])
        for line in _remark_lines(request.POST)
        if line["text"]
    ]
    homeless = [r for r in remarks if r.question is None]
    if homeless:
        return _return_page(request, response, refused=_("เลือกข้อคำถามของทุกข้อความ"), status=422)
    try:
        whole = NewComment(None, request.POST.get("text", ""), "free" not in request.POST)
        return_response(by=request.user, response=response, comments=[whole, *remarks])
    except TransitionRefused as refused:
        status = 422 if refused.reason == "guard" else 409
        return _return_page(request, response, refused=str(refused), status=status)
    messages.success(request, _("ส่งกลับให้แก้ไขแล้ว"))
    return redirect("survey:brief", pk)


def _remark_lines(post: Mapping[str, str]) -> list[dict[str, Any]]:
    """The remark rows as typed; as many as the form had, and more when asked."""
    count = max(min(_number(post.get("rows")), MAX_ROWS), ROWS)
    if "more" in post:
        count = min(count + ROWS, MAX_ROWS)
    return [
        {
            "question": post.get(f"question-{n}", ""),
            "text": comments.clean_comment_text(post.get(f"text-{n}", "")),
            "free": f"free-{n}" in post,
        }
        for n in range(count)
    ]


def _return_page(request: SignedInRequest, response: Response, *, refused: str = "", status: int = 200) -> HttpResponse:
    instrument = compiled_instrument(response.round.instrument)
    language = reader_language()
    groups: list[dict[str, Any]] = []
    for section in instrument.sections:
        choices = [(q.id, item_title(q, language)) for q in instrument.questions_of(section.id)]
        groups.append({"title": f"{section.sub_pillar or ''} {section.title.to(language)}".strip(), "choices": choices})
    lines = _remark_lines(request.POST)
    if request.method != "POST" and request.GET.get("question") in instrument.items:
        lines[0]["question"] = request.GET["question"]
    context = {
        "response": response,
        "groups": groups,
        "lines": lines,
        "text": request.POST.get("text", ""),
        "free": "free" in request.POST,
        "more": len(lines) < MAX_ROWS,
        "max_text": comments.MAX_COMMENT_LENGTH,
        "refused": refused,
        "refusal": refusal_message(request.user, response, "return"),
    }
    return render(request, "survey/approval/return.html", context, status=status)


@require_http_methods(METHODS)
@allow(Capability.REOPEN)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Reopens an approved answer; the reason stays with the voided version."""
    response = get_provincial_response(request.user, pk, Capability.REOPEN, with_points=True)
    reason = request.POST.get("reason", "")
    refused, status = "", 200
    if request.method == "POST":
        try:
            reopen_response(by=request.user, response=response, reason=reason)
        except TransitionRefused as caught:
            refused, status = str(caught), 422 if caught.reason == "guard" else 409
        else:
            messages.success(request, _("เปิดให้แก้ไขแล้ว ฉบับที่อนุมัติไว้เป็นโมฆะและยังอ่านได้"))
            return redirect("survey:versions", pk)
    context = {
        "response": response,
        "reason": reason,
        "refused": refused,
        "refusal": refusal_message(request.user, response, "reopen"),
        "max_reason": MAX_REASON,
    }
    return render(request, "survey/approval/reopen.html", context, status=status)
