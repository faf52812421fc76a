"""Threads in display form: subject, links, and what the reader may do with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from accounts.models import User
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.templatetags.keep import digest_of
from evidence.models import Attachment
from survey.access import has_response_capability
from survey.answering.queries import response_state
from survey.journal.event_texts import describe_address, item_title
from survey.models import Comment, Response
from survey.threads.actions import may_resolve_thread
from survey.threads.comments import is_answer


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """An evidence file that is the subject of a thread."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread in display form: its subject (`where`, `detail`), links, and what the reader may do."""

    first: Comment
    where: str
    detail: str
    href: str
    threads_url: str
    file: ThreadFile | None
    may_resolve: bool
    needs_reply: bool

    @property
    def blocks(self) -> bool:
        """Whether it blocks the submission: it must be answered and is not."""
        first = self.first
        return (
            first.must_answer
            and first.resolved_at is None
            and not any(is_answer(first, reply) for reply in self.replies)
        )

    @property
    def replies(self) -> list[Comment]:
        """The replies, oldest first."""
        return list(self.first.replies.all())


Files = Mapping[UUID, ThreadFile]


def thread_views(
    request: SignedInRequest, response: Response, threads: Iterable[Comment], files: Files
) -> list[ThreadView]:
    """Threads in display form; `files`: of `thread_files`. No query once the state of the response is read."""
    return [_thread_view(request, response, thread, files) for thread in threads]


def thread_files(response: Response, threads: Iterable[Comment]) -> Files:
    """The files that threads are about. One query, or none."""
    ids = [thread.attachment for thread in threads if thread.attachment]
    if not ids:
        return {}
    rows = Attachment.objects.filter(response=response, public_id__in=ids)
    return {
        public_id: ThreadFile(name, url or reverse("evidence:download", args=[response.pk, public_id]))
        for public_id, name, url in rows.values_list("public_id", "name", "url")
    }


def may_resolve_any(user: User, response: Response) -> bool:
    """Whether the user may resolve threads of others too; each person their own."""
    return has_response_capability(user, response, Capability.ANSWER_EDIT)


def digest_of_threads(threads: Iterable[Comment], files: Files) -> bytes:
    """Of all that a list shows of threads: what is stored of each and of its replies, and names."""
    said = [_said(one) for thread in threads for one in (thread, *thread.replies.all())]
    return digest_of((said, sorted((str(key), file) for key, file in files.items())))


_STORED: Final = attrgetter(*(field.attname for field in Comment._meta.concrete_fields))


def _said(one: Comment) -> tuple[object, ...]:
    # Of a reply neither is read, nor shown.
    question, closed_by = (None, None) if one.parent_id else (one.question, one.resolved_by)
    of_question = (question.item_id, question.code) if question else ()
    return _STORED(one), str(one.by), of_question, str(closed_by), [str(person) for person in one.mentions.all()]


def _thread_view(request: SignedInRequest, response: Response, thread: Comment, files: Files) -> ThreadView:
    where, detail, href = _("ทั้งฉบับ"), "", reverse("survey:threads", args=[response.pk])
    threads_url = href
    if thread.question is not None:
        state = response_state(response)
        language, instrument = reader_language(), state.path.instrument
        compiled = instrument.items[thread.question.item_id]
        where = item_title(compiled, language)
        if thread.address:
            detail = " › ".join(describe_address(instrument, thread.address, state.values, language))
        anchor = quote(f"q:{thread.question.item_id}", safe="")
        href = f"{reverse('survey:fill', args=[response.pk, compiled.section])}#{anchor}"
        threads_url = reverse("survey:threads-item", args=[response.pk, thread.question.item_id])
    return ThreadView(
        first=thread,
        where=where,
        detail=detail,
        href=href,
        threads_url=threads_url,
        file=files.get(thread.attachment) if thread.attachment else None,
        may_resolve=may_resolve_thread(request.user, response, thread),
        needs_reply=thread.must_answer
        and thread.by_id != request.user.pk
        and not any(is_answer(thread, reply) for reply in thread.replies.all()),
    )
