"""The page of one document, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text, reader_language
from dgready.posting import post_only
from dgready.store_away import StoreAwayError, ask_to_retry, store_away_text
from dgready.typed.dates import format_typed_date, read_date
from dgready.typed.result import Refusal
from dgready.undo import Undo
from evidence import access, store
from evidence.attaching.attachment_view import icon_of
from evidence.attaching.views.panel import ACCEPT_EXTENSIONS
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.library import actions as keeping
from evidence.models import Document
from evidence.placing import actions, document_page
from evidence.placing.views.addresses import library_url
from evidence.placing.views.library import reads
from evidence.scanning.queries import is_withheld
from reports.system.views.stored_file import WantedFile, stored_file_answer

edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)


@require_safe
@reads
def document(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """Everything that is known of a document."""
    return show(request, access.get_document(request.user, code, public_id))


def show(request: SignedInRequest, document: Document, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a document. `sent`: what was typed into a refused form."""
    text = document_page.text_of(document)
    day, is_typed = document_page.date_shown(document, text)
    readable = access.readable_attachments(request.user, document.province_id)
    uses, hidden = document_page.uses_of(document, readable, reader_language())
    versions = document_page.versions_of(document)
    like = document_page.like_documents(document, text)
    context = {
        "document": document,
        "province": document.province,
        "editable": access.may_open_document(request.user, document, to_edit=True),
        "text": text,
        "day": day,
        "is_date_typed": is_typed,
        "typed_date": format_typed_date(document.document_date) if document.document_date else "",
        "uses": uses,
        "hidden_uses": hidden,
        "versions": versions,
        "like": [(one, access.may_open_document(request.user, one.document)) for one in like],
        "log": document_page.log_of(document),
        "back": library_url(document.province.code, document.agency.code if document.agency else access.OWN),
        "icon": icon_of(document.file.kind),
        "size_text": format_size(document.file.size),
        "withheld": is_withheld(document.file, request.user),
        "accept": ACCEPT_EXTENSIONS,
        "undo": _undo(request, document, [version.number for version in versions]),
        **more,
    }
    return render(request, "evidence/placing/document.html", context, status=status)


def _undo(request: SignedInRequest, document: Document, numbers: list[int]) -> Undo | None:
    """Undoing that the version changed, as the page's address says it did."""
    number = request.GET.get("before", "")
    if not (number.isascii() and number.isdigit() and len(number) < 6 and int(number) in numbers):
        return None
    args = [document.province.code, document.public_id, int(number)]
    text = _("เปลี่ยนฉบับแล้ว ก่อนหน้านี้ใช้ฉบับที่ %(number)s") % {"number": number}
    return Undo(text=text, url=reverse("evidence:document-return", args=args), about=document.name)


def _attempt(
    request: SignedInRequest, document: Document, act: Callable[[], str], query: Callable[[], str] = str
) -> HttpResponse:
    """Runs an act that says what it did; what it refuses comes back with the page, 422."""
    try:
        messages.success(request, act())
    except EvidenceRefused as refused:
        sent = {key: str(value) for key, value in request.POST.items()}
        return show(request, document, 422, problem=str(refused), field=refused.reason, sent=sent)
    except StoreAwayError:
        return ask_to_retry(show(request, document, 503, problem=str(store_away_text())))
    page = reverse("evidence:document", args=[document.province.code, document.public_id])
    return redirect(page + query())


@post_only("evidence:document", "code", "public_id")
@edits
def change(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """Changes name and date."""
    found = access.get_document(request.user, code, public_id, to_edit=True)

    def act() -> str:
        read = read_date(request.POST.get("date", ""), near=timezone.localdate())
        if isinstance(read, Refusal):
            raise EvidenceRefused("date", localize_text(read.reason))
        keeping.rename_document(by=request.user, document=found, name=request.POST.get("name", found.name))
        keeping.set_date(by=request.user, document=found, document_date=read.value if read else None)
        return _("บันทึกชื่อและวันที่แล้ว")

    return _attempt(request, found, act)


@post_only("evidence:document", "code", "public_id")
@edits
def version(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """Takes a new version."""
    found = access.get_document(request.user, code, public_id, to_edit=True)
    before: list[int] = []

    def act() -> str:
        upload = request.FILES.get("file")
        if upload is None:
            raise EvidenceRefused("file", _("ยังไม่ได้เลือกไฟล์"))
        earlier = found.file_id
        done = actions.add_version(by=request.user, document=found, upload=upload, name=upload.name or "")
        before.extend(v.number for v in document_page.versions_of(found) if v.file_id == earlier)
        return _moved_text(done)

    return _attempt(request, found, act, lambda: f"?before={before[0]}" if before else "")


@post_only("evidence:document", "code", "public_id")
@edits
def return_to(request: SignedInRequest, code: str, public_id: UUID, number: int) -> HttpResponse:
    """Goes back to an earlier version."""
    found = access.get_document(request.user, code, public_id, to_edit=True)
    return _attempt(
        request,
        found,
        lambda: _moved_text(actions.return_to_version(by=request.user, document=found, number=number)),
    )


def _moved_text(done: actions.VersionChange) -> str:
    moved = done.moved
    texts = [_("ใช้ฉบับที่ %(number)d แล้ว") % {"number": done.version.number}]
    if moved.attachments:
        n = moved.attachments
        texts.append(ngettext("เปลี่ยนหลักฐาน %(n)d แห่ง", "เปลี่ยนหลักฐาน %(n)d แห่ง", n) % {"n": n})
    if moved.left:
        texts.append(
            ngettext("อีก %(n)d แห่งแก้ไขไม่ได้ จึงใช้ฉบับเดิม", "อีก %(n)d แห่งแก้ไขไม่ได้ จึงใช้ฉบับเดิม", moved.left)
            % {"n": moved.left}
        )
    if moved.lost:
        texts.append(
            ngettext("ไม่พบข้อความ %(n)d แห่งในฉบับใหม่", "ไม่พบข้อความ %(n)d แห่งในฉบับใหม่", moved.lost) % {"n": moved.lost}
        )
    if moved.waiting:
        texts.append(_("ระบบจะหาข้อความที่ทำเครื่องหมายไว้เมื่ออ่านฉบับใหม่เสร็จ"))
    return " · ".join(texts)


@post_only("evidence:document", "code", "public_id")
@edits
def remove(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """Takes an unused document from the library."""
    found = access.get_document(request.user, code, public_id, to_edit=True)

    def act() -> str:
        keeping.remove_document(by=request.user, document=found)
        return _("นำออกจากคลังแล้ว นำกลับมาได้จากหน้านี้")

    return _attempt(request, found, act)


@post_only("evidence:document", "code", "public_id")
@edits
def restore(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """Brings a removed document back."""
    found = access.get_document(request.user, code, public_id, to_edit=True)

    def act() -> str:
        keeping.restore_document(by=request.user, document=found)
        return _("นำกลับเข้าคลังแล้ว")

    return _attempt(request, found, act)


@require_safe
@reads
def content(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponseBase:
    """The document, of `?version=` or as it is now, always to be saved."""
    found = access.get_document(request.user, code, public_id)
    file, name = found.file, found.name
    if number := request.GET.get("version", ""):
        known = {str(v.number): v for v in document_page.versions_of(found)}
        if number not in known:
            raise Http404
        file, name = known[number].file, known[number].name
    if is_withheld(file, request.user):
        return show(request, found, 409, problem=" ".join(note.text for note in file.notes))
    wanted = WantedFile(
        store=store.STORE,
        stored=file.stored,
        sha256=file.sha256,
        name=name,
        media_type=file.media_type,
        back=reverse("evidence:document", args=[code, public_id]),
        province=found.province,
    )
    return stored_file_answer(request, wanted)
