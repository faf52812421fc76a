"""Renders the pages of threads: the list of a response, and the threads of one question, with their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import SignedInRequest
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from evidence.models import Attachment
from survey import access
from survey.answering.queries import response_state
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_address, item_title
from survey.models import Comment, Question, Response
from survey.threads import queries as threads
from survey.threads.comments import MAX_COMMENT_LENGTH
from survey.threads.views.thread_rows import digest_of_threads, may_resolve_any, thread_files, thread_views

FILTER_LABELS: dict[str, str | Promise] = {
    "open": gettext_lazy("ยังไม่เสร็จ"),
    "must": gettext_lazy("ต้องตอบก่อนเสนอ"),
    "mine": gettext_lazy("เกี่ยวกับฉัน"),
    "done": gettext_lazy("เสร็จแล้ว"),
    "all": gettext_lazy("ทั้งหมด"),
}


def render_list_page(
    request: SignedInRequest, response: Response, *, refused: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of all threads by filter (`?show=`); `refused`, `problem`: messages to show."""
    show = request.GET.get("show", "open")
    show = show if show in FILTER_LABELS else "open"
    counts = threads.count_threads_by_filter(response, request.user)
    page = paginate(request, threads.listed_threads(response, request.user, show, counts[show]))
    form = _form_context(request, response, refused, problem)
    context = {
        "response": response,
        "page": page,
        "log": _log(request, response, list(page), form),
        "show": show,
        "filters": [(key, label, counts[key]) for key, label in FILTER_LABELS.items()],
        **form,
    }
    return render(request, "survey/threads/threads.html", context, status=status)


def render_question_page(
    request: SignedInRequest,
    response: Response,
    question: Question,
    *,
    refused: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one question's threads (for a script its inner part); `refused`, `problem`: messages to show."""
    compiled = compiled_instrument(response.round.instrument).items[question.item_id]
    rows = threads.threads_of_question(response, question)
    context = {
        "response": response,
        "question": question,
        "title": item_title(compiled, reader_language()),
        "section": compiled.section,
        "threads": thread_views(request, response, rows, thread_files(response, rows)),
        "places": _subject_choices(response, question),
        **_form_context(request, response, refused, problem),
    }
    template = "survey/threads/_threads.html" if is_script(request) else "survey/threads/question.html"
    return render(request, template, context, status=status)


def _log(request: SignedInRequest, response: Response, rows: list[Comment], form: Mapping[str, Any]) -> LazyValues:
    """The threads of a page, with what the reader may do with each."""
    files = thread_files(response, rows)
    values, form_of_round = response_state(response).values, response.round.instrument
    rights = (request.user.pk, may_resolve_any(request.user, response), form["may_comment"], tuple(form["people"]))
    state = (digest_of_threads(rows, files), SameObjects(values), form_of_round.pk, form_of_round.checksum, *rights)

    def make() -> dict[str, Any]:
        views = thread_views(request, response, rows, files)
        return {"threads": views, "response": response, **{name: form[name] for name in _OF_REPLIES}}

    return LazyValues((response.pk, *state), make)


_OF_REPLIES = ("may_comment", "people", "max_text")


def is_script(request: SignedInRequest) -> bool:
    """Whether htmx sent the request."""
    return request.headers.get("HX-Request") == "true"


def _form_context(request: SignedInRequest, response: Response, refused: str, problem: str) -> dict[str, Any]:
    """Context of the forms: users to mention, the refused input with the refusal, and other problems."""
    may_comment = access.has_response_capability(request.user, response, Capability.COMMENT)
    posted = request.POST if refused else QueryDict()
    return {
        "may_comment": may_comment,
        "people": threads.mention_candidates(response, request.user) if may_comment else [],
        "refused": refused,
        "problem": problem,
        "text": posted.get("text", ""),
        "about": posted.get("about") or _requested_subject(request),
        "must": posted.get("must") == "1",
        "max_text": MAX_COMMENT_LENGTH,
    }


def _requested_subject(request: SignedInRequest) -> str:
    if "file" in request.GET:
        return f"e:{request.GET['file']}"
    return f"f:{request.GET['at']}" if "at" in request.GET else ""


def _subject_choices(response: Response, question: Question) -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    """Choices for the subject of a thread on a question: its open fields, and its evidence files."""
    state = response_state(response)
    language, instrument = reader_language(), state.path.instrument
    fields = [
        (f"f:{f.address}", " › ".join(describe_address(instrument, f.address, state.values, language)) or _("คำตอบ"))
        for f in state.path.fields.values()
        if f.question == question.item_id
    ]
    rows = Attachment.objects.filter(response=response, question=question, removed_at=None)
    files = [(f"e:{public_id}", name) for public_id, name in rows.values_list("public_id", "name")]
    groups = ((_("ช่องคำตอบ"), fields), (_("ไฟล์หลักฐาน"), files))
    return [(label, choices) for label, choices in groups if choices]
