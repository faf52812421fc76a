"""Comments on a response: the list, a new one, and marking one as dealt with."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allow
from accounts.actions import RefusedError
from accounts.roles import Capability
from accounts.views.common import paged
from dgready.http import SignedInRequest
from survey import access, queries
from survey.actions import comments as actions
from survey.describe import title
from survey.models import Comment, Response
from survey.views import facts

C = Capability


@require_safe
@allow(C.RESPONSE_READ)
def comments(request: SignedInRequest, pk: int) -> HttpResponse:
    """All comments, those to be dealt with first."""
    response = facts.provincial(request, pk, C.RESPONSE_READ)
    return show(request, response)


def show(request: SignedInRequest, response: Response, *, refused: str = "", status: int = 200) -> HttpResponse:
    """The page, with a refused new comment when there is one."""
    rows = Comment.objects.filter(response=response, parent=None).select_related("by", "question", "resolved_by")
    instrument = queries.instrument_of(response.round.instrument)
    language = facts.language()
    page = paged(request, rows.order_by("resolved_at", "-at", "-pk"))
    for row in page:
        item = instrument.items.get(row.question.item_id) if row.question else None
        row.where = title(item, language) if item else ""
        row.section = item.section if item else ""
    context = {
        "response": response,
        "page": page,
        "questions": [(q.id, title(q, language)) for q in instrument.questions],
        "chosen": request.POST.get("question", request.GET.get("question", "")),
        "text": request.POST.get("text", ""),
        "refused": refused,
        "may_comment": access.may(request.user, response, C.COMMENT),
        "may_resolve": access.may(request.user, response, C.ANSWER_EDIT),
        "max_text": actions.MAX_TEXT,
    }
    return render(request, "survey/comments.html", context, status=status)


@require_POST
@allow(C.RESPONSE_READ)
def add(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A new comment on a question, or on the whole."""
    response = facts.provincial(request, pk, C.RESPONSE_READ)
    if not access.may(request.user, response, C.COMMENT):
        raise Http404
    item_id = request.POST.get("question", "")
    question = access.get_question(response, item_id) if item_id else None
    try:
        actions.add(by=request.user, response=response, text=request.POST.get("text", ""), question=question)
    except RefusedError as refused:
        return show(request, response, refused=str(refused), status=422)
    messages.success(request, _("บันทึกข้อสังเกตแล้ว"))
    return _back(request, pk)


@require_POST
@allow(C.ANSWER_EDIT)
def resolve(request: SignedInRequest, pk: int, comment: int) -> HttpResponseBase:
    """A comment has been dealt with."""
    response = facts.provincial(request, pk, C.ANSWER_EDIT)
    found = Comment.objects.select_related("question").filter(pk=comment, response=response).first()
    if found is None:
        raise Http404
    try:
        actions.resolve(by=request.user, comment=found)
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("ทำเครื่องหมายว่าแก้ไขแล้ว"))
    return _back(request, pk)


def _back(request: SignedInRequest, pk: int) -> HttpResponseBase:
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    return redirect("survey:comments", pk)
