"""Views of comment threads: list, threads of a question, start, reply, resolve, reopen."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.made_once import made_once, note_page
from accounts.models import User
from accounts.roles import Capability
from dgready.posting import post_only
from evidence.models import Attachment
from survey import access
from survey.models import Comment, Question, Response
from survey.threads import actions
from survey.threads import queries as threads
from survey.threads.actions import ThreadSubject
from survey.threads.views.rendering import is_script, render_list_page, render_question_page

allow_readers = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)


@require_http_methods(["GET", "HEAD", "POST"])
@allow_readers
@made_once
def listing(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """All threads of a response by filter (`?show=`); POST starts one about the whole response."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if request.method == "POST":
        return _start_thread(request, response, None)
    return render_list_page(request, response)


@require_http_methods(["GET", "HEAD", "POST"])
@allow_readers
@made_once
def item(request: SignedInRequest, pk: int, item_id: str) -> HttpResponseBase:
    """The threads of a question; POST starts one about it, a field or a file (`?at=`, `?file=` preselect)."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    question = access.get_question(response, item_id)
    if request.method == "POST":
        return _start_thread(request, response, question)
    return render_question_page(request, response, question)


def _start_thread(request: SignedInRequest, response: Response, question: Question | None) -> HttpResponseBase:
    if not access.has_response_capability(request.user, response, Capability.COMMENT):
        raise Http404
    try:
        thread = actions.start_thread(
            by=request.user,
            response=response,
            text=request.POST.get("text", ""),
            about=_posted_subject(request, response, question),
            must_answer=request.POST.get("must") == "1",
            mentions=_posted_mentions(request, response),
        )
    except RefusedError as refused:
        if question is None:
            return render_list_page(request, response, refused=str(refused), status=422)
        return render_question_page(request, response, question, refused=str(refused), status=422)
    return _after_action(request, response, thread, _("ส่งข้อความแล้ว"))


def _posted_subject(request: SignedInRequest, response: Response, question: Question | None) -> ThreadSubject:
    """The posted subject: the question itself, one of its fields, or a file with its evidence place."""
    kind, _colon, name = request.POST.get("about", "").partition(":")
    if question is None or not name:
        return ThreadSubject(question)
    if kind == "f":
        return ThreadSubject(question, name)
    rows = Attachment.objects.filter(response=response, question=question, removed_at=None)
    attachment = next((row for row in rows if str(row.public_id) == name), None)
    if attachment is None:
        raise RefusedError(_("ไม่พบไฟล์หลักฐานนี้แล้ว"))
    return ThreadSubject(question, attachment.address, attachment.public_id)


def _posted_mentions(request: SignedInRequest, response: Response) -> list[User]:
    posted = request.POST.getlist("mention")
    user_ids = {int(text) for text in posted if text.isascii() and text.isdigit() and len(text) < 10}
    if not user_ids:
        return []
    mentioned = [user for user in threads.response_readers(response) if user.pk in user_ids]
    if len(mentioned) < len(user_ids):
        raise RefusedError(_("ผู้ที่กล่าวถึงอ่านคำตอบชุดนี้ไม่ได้"))
    return mentioned


def _act_on_thread(
    request: SignedInRequest, pk: int, thread: int, act: Callable[[Response, Comment], object], note: str
) -> HttpResponseBase:
    """Run an action on a thread; a refusal is shown on the page with status 422."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if not access.has_response_capability(request.user, response, Capability.COMMENT):
        raise Http404
    rows = Comment.objects.select_related("question", "by")
    first = rows.filter(pk=thread, response=response, parent=None).first()
    if first is None:
        raise Http404
    try:
        act(response, first)
    except RefusedError as refused:
        if first.question is None:
            return render_list_page(request, response, problem=str(refused), status=422)
        return render_question_page(request, response, first.question, problem=str(refused), status=422)
    return _after_action(request, response, first, note)


@post_only("survey:threads", "pk")
@allow_readers
@made_once
def reply(request: SignedInRequest, pk: int, thread: int) -> HttpResponseBase:
    """Reply in a thread."""

    def act(response: Response, first: Comment) -> None:
        mentions = _posted_mentions(request, response)
        text = request.POST.get("text", "")
        actions.reply_to_thread(by=request.user, response=response, thread=first, text=text, mentions=mentions)

    return _act_on_thread(request, pk, thread, act, _("ตอบแล้ว"))


@post_only("survey:threads", "pk")
@allow_readers
def resolve(request: SignedInRequest, pk: int, thread: int) -> HttpResponseBase:
    """Resolve a thread."""

    def act(response: Response, first: Comment) -> None:
        if not actions.may_resolve_thread(request.user, response, first):
            raise Http404
        actions.resolve_thread(by=request.user, response=response, thread=first)

    return _act_on_thread(request, pk, thread, act, _("ทำเครื่องหมายว่าเสร็จแล้ว"))


@post_only("survey:threads", "pk")
@allow_readers
def reopen(request: SignedInRequest, pk: int, thread: int) -> HttpResponseBase:
    """Reopen a thread."""

    def act(response: Response, first: Comment) -> None:
        actions.reopen_thread(by=request.user, response=response, thread=first)

    return _act_on_thread(request, pk, thread, act, _("เปิดเรื่องนี้อีกครั้งแล้ว"))


def _after_action(request: SignedInRequest, response: Response, comment: Comment, note: str) -> HttpResponseBase:
    """Redirect to the threads of the question (or the list); for a script, render the inner part anew."""
    if comment.question is None or "list" in request.POST:
        messages.success(request, note)
        return redirect(f"{reverse('survey:threads', args=[response.pk])}#c{comment.pk}")
    back = reverse("survey:threads-item", args=[response.pk, comment.question.item_id])
    if is_script(request):
        note_page(request, back)
        return render_question_page(request, response, comment.question)
    messages.success(request, note)
    return redirect(f"{back}#c{comment.pk}")
