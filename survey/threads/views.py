"""Threads of a response: the list, those of one question, asking, answering, closing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import User
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.language import reader_language
from evidence.models import Attachment
from survey import access
from survey.answering.queries import response_state
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_address, item_title
from survey.models import Comment, Question, Response
from survey.threads import actions
from survey.threads import queries as threads
from survey.threads.actions import ThreadSubject
from survey.threads.comments import MAX_COMMENT_LENGTH

allow_readers = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
FILTER_LABELS: dict[str, str | Promise] = {
    "open": gettext_lazy("ยังไม่เสร็จ"),
    "must": gettext_lazy("ต้องตอบก่อนเสนอ"),
    "mine": gettext_lazy("เกี่ยวกับฉัน"),
    "done": gettext_lazy("เสร็จแล้ว"),
    "all": gettext_lazy("ทั้งหมด"),
}


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """An evidence file a thread is about."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread as shown."""

    first: Comment
    where: str
    detail: str
    href: str
    own: str
    file: ThreadFile | None
    may_resolve: bool
    needs_reply: bool

    @property
    def replies(self) -> list[Comment]:
        """The answers, oldest first."""
        return list(self.first.replies.all())


@require_http_methods(["GET", "HEAD", "POST"])
@allow_readers
def listing(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """All threads by filter (`?show=`); POST asks about the whole."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if request.method == "POST":
        return _start_thread(request, response, None)
    return _list_page(request, response)


def _list_page(
    request: SignedInRequest, response: Response, *, refused: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    show = request.GET.get("show", "open")
    show = show if show in FILTER_LABELS else "open"
    counts = threads.count_threads_by_filter(response, request.user)
    page = paginate(request, threads.filter_threads(threads.list_threads(response), show, request.user))
    context = {
        "response": response,
        "page": page,
        "threads": _thread_views(request, response, page),
        "show": show,
        "filters": [(key, label, counts[key]) for key, label in FILTER_LABELS.items()],
        **_form_context(request, response, refused, problem),
    }
    return render(request, "survey/threads/threads.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow_readers
def item(request: SignedInRequest, pk: int, item_id: str) -> HttpResponseBase:
    """The threads of one question; POST asks about it, one of its fields or a file (`?at=`, `?file=`)."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    question = access.get_question(response, item_id)
    if request.method == "POST":
        return _start_thread(request, response, question)
    return _question_page(request, response, question)


def _question_page(
    request: SignedInRequest,
    response: Response,
    question: Question,
    *,
    refused: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    compiled = compiled_instrument(response.round.instrument).items[question.item_id]
    rows = threads.list_threads(response).filter(question=question)
    context = {
        "response": response,
        "question": question,
        "title": item_title(compiled, reader_language()),
        "section": compiled.section,
        "threads": _thread_views(request, response, rows),
        "places": _subject_choices(response, question),
        **_form_context(request, response, refused, problem),
    }
    template = "survey/threads/_threads.html" if _is_script(request) else "survey/threads/question.html"
    return render(request, template, context, status=status)


def _is_script(request: SignedInRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _form_context(request: SignedInRequest, response: Response, refused: str, problem: str) -> dict[str, Any]:
    """What the forms need: who can be mentioned, what was asked and refused, what else went wrong."""
    may_comment = access.has_response_capability(request.user, response, Capability.COMMENT)
    sent = request.POST if refused else QueryDict()
    return {
        "may_comment": may_comment,
        "people": threads.mention_candidates(response, request.user) if may_comment else [],
        "refused": refused,
        "problem": problem,
        "text": sent.get("text", ""),
        "about": sent.get("about") or _requested_subject(request),
        "must": sent.get("must") == "1",
        "max_text": MAX_COMMENT_LENGTH,
    }


def _requested_subject(request: SignedInRequest) -> str:
    if "file" in request.GET:
        return f"e:{request.GET['file']}"
    return f"f:{request.GET['at']}" if "at" in request.GET else ""


def _subject_choices(response: Response, question: Question) -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    """What a thread on this question can be about: its open fields, and the files attached to it."""
    stands = response_state(response)
    language, instrument = reader_language(), stands.path.instrument
    fields = [
        (f"f:{f.address}", " › ".join(describe_address(instrument, f.address, stands.values, language)) or _("คำตอบ"))
        for f in stands.path.fields.values()
        if f.question == question.item_id
    ]
    rows = Attachment.objects.filter(response=response, question=question, removed_at=None)
    files = [(f"e:{public}", name) for public, name in rows.values_list("public_id", "name")]
    return [(label, some) for label, some in ((_("ช่องคำตอบ"), fields), (_("ไฟล์หลักฐาน"), files)) if some]


# -- threads as shown -----------------------------------------------------------------------------


def _thread_views(request: SignedInRequest, response: Response, rows: Iterable[Comment]) -> list[ThreadView]:
    some = list(rows)
    files = _thread_files(response, [r.attachment for r in some if r.attachment])
    return [_thread_view(request, response, row, files) for row in some]


def _thread_files(response: Response, ids: Sequence[UUID]) -> dict[UUID, ThreadFile]:
    if not ids:
        return {}
    rows = Attachment.objects.filter(response=response, public_id__in=ids)
    return {
        public: ThreadFile(name, url or reverse("evidence:download", args=[response.pk, public]))
        for public, name, url in rows.values_list("public_id", "name", "url")
    }


def _thread_view(
    request: SignedInRequest, response: Response, row: Comment, files: dict[UUID, ThreadFile]
) -> ThreadView:
    where, detail, href = _("ทั้งฉบับ"), "", reverse("survey:threads", args=[response.pk])
    own = href
    if row.question is not None:
        stands = response_state(response)
        language, instrument = reader_language(), stands.path.instrument
        compiled = instrument.items[row.question.item_id]
        where = item_title(compiled, language)
        if row.address:
            detail = " › ".join(describe_address(instrument, row.address, stands.values, language))
        anchor = quote(f"q:{row.question.item_id}", safe="")
        href = f"{reverse('survey:fill', args=[response.pk, compiled.section])}#{anchor}"
        own = reverse("survey:threads-item", args=[response.pk, row.question.item_id])
    return ThreadView(
        first=row,
        where=where,
        detail=detail,
        href=href,
        own=own,
        file=files.get(row.attachment) if row.attachment else None,
        may_resolve=actions.may_resolve_thread(request.user, response, row),
        needs_reply=row.must_answer
        and row.by_id != request.user.pk
        and not any(r.by_id != row.by_id for r in row.replies.all()),
    )


# -- asking and answering -------------------------------------------------------------------------


def _start_thread(request: SignedInRequest, response: Response, question: Question | None) -> HttpResponseBase:
    if not access.has_response_capability(request.user, response, Capability.COMMENT):
        raise Http404
    try:
        made = actions.start_thread(
            by=request.user,
            response=response,
            text=request.POST.get("text", ""),
            about=_posted_subject(request, response, question),
            must_answer=request.POST.get("must") == "1",
            mentions=_posted_mentions(request, response),
        )
    except RefusedError as refused:
        if question is None:
            return _list_page(request, response, refused=str(refused), status=422)
        return _question_page(request, response, question, refused=str(refused), status=422)
    return _after_action(request, response, made, _("ส่งข้อความแล้ว"))


def _posted_subject(request: SignedInRequest, response: Response, question: Question | None) -> ThreadSubject:
    """What was chosen: nothing more than the question, a field, or a file with the place it lies at."""
    kind, _colon, name = request.POST.get("about", "").partition(":")
    if question is None or not name:
        return ThreadSubject(question)
    if kind == "f":
        return ThreadSubject(question, name)
    rows = Attachment.objects.filter(response=response, question=question, removed_at=None)
    found = next((a for a in rows if str(a.public_id) == name), None)
    if found is None:
        raise RefusedError(_("ไม่พบไฟล์หลักฐานนี้แล้ว"))
    return ThreadSubject(question, found.address, found.public_id)


def _posted_mentions(request: SignedInRequest, response: Response) -> list[User]:
    wanted = {int(v) for v in request.POST.getlist("mention") if v.isascii() and v.isdigit() and len(v) < 10}
    if not wanted:
        return []
    found = [u for u in threads.response_readers(response) if u.pk in wanted]
    if len(found) < len(wanted):
        raise RefusedError(_("ผู้ที่กล่าวถึงอ่านคำตอบชุดนี้ไม่ได้"))
    return found


def _act_on_thread(
    request: SignedInRequest, pk: int, thread: int, act: Callable[[Response, Comment], object], note: str
) -> HttpResponseBase:
    """Does something with a thread; a refusal comes back with the page."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if not access.has_response_capability(request.user, response, Capability.COMMENT):
        raise Http404
    rows = Comment.objects.select_related("question", "by")
    found = rows.filter(pk=thread, response=response, parent=None).first()
    if found is None:
        raise Http404
    try:
        act(response, found)
    except RefusedError as refused:
        if found.question is None:
            return _list_page(request, response, problem=str(refused), status=422)
        return _question_page(request, response, found.question, problem=str(refused), status=422)
    return _after_action(request, response, found, note)


@require_POST
@allow_readers
def reply(request: SignedInRequest, pk: int, thread: int) -> HttpResponseBase:
    """An answer in a thread."""

    def act(response: Response, found: Comment) -> None:
        mentions = _posted_mentions(request, response)
        text = request.POST.get("text", "")
        actions.reply_to_thread(by=request.user, response=response, thread=found, text=text, mentions=mentions)

    return _act_on_thread(request, pk, thread, act, _("ตอบแล้ว"))


@require_POST
@allow_readers
def resolve(request: SignedInRequest, pk: int, thread: int) -> HttpResponseBase:
    """A thread is dealt with."""

    def act(response: Response, found: Comment) -> None:
        if not actions.may_resolve_thread(request.user, response, found):
            raise Http404
        actions.resolve_thread(by=request.user, response=response, thread=found)

    return _act_on_thread(request, pk, thread, act, _("ทำเครื่องหมายว่าเสร็จแล้ว"))


@require_POST
@allow_readers
def reopen(request: SignedInRequest, pk: int, thread: int) -> HttpResponseBase:
    """A thread is taken up again."""

    def act(response: Response, found: Comment) -> None:
        actions.reopen_thread(by=request.user, response=response, thread=found)

    return _act_on_thread(request, pk, thread, act, _("เปิดเรื่องนี้อีกครั้งแล้ว"))


def _after_action(request: SignedInRequest, response: Response, comment: Comment, note: str) -> HttpResponseBase:
    """Back to the threads of the question (or the list one was on); for a script the inner part as it is now."""
    if comment.question is None or "list" in request.POST:
        messages.success(request, note)
        return redirect(f"{reverse('survey:threads', args=[response.pk])}#c{comment.pk}")
    if _is_script(request):
        return _question_page(request, response, comment.question)
    messages.success(request, note)
    back = reverse("survey:threads-item", args=[response.pk, comment.question.item_id])
    return redirect(f"{back}#c{comment.pk}")
