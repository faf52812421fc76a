"""The page of a library: its documents, searching them, and bringing new ones in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready import thai
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.prepared_select import PreparedSelect
from dgready.store_away import StoreAwayError, ask_to_retry, store_away_text
from dgready.templatetags.keep import digest_of
from dgready.typed.characters import clean_line
from evidence import access
from evidence.attaching.views.panel import ACCEPT_EXTENSIONS
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.files.uploads import form_file_limit
from evidence.placing import actions
from evidence.placing.actions.photographing import MOST_PHOTOS, photographed_pdf
from evidence.placing.listing import KINDS, SHOW, DocumentRow, LibraryFilter, listed_documents
from evidence.placing.text_hits import text_hits
from evidence.placing.views.addresses import library_url
from evidence.uploading.queries import unfinished_uploads

reads = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
PAGE_ROWS: Final = 30
MOST_QUERY: Final = 200  # letters of a search
SHOW_LABELS: Final = {
    "": gettext_lazy("ทั้งหมด"),
    "unused": gettext_lazy("ยังไม่ได้ใช้"),
    "duplicates": gettext_lazy("ซ้ำกับหน่วยงานอื่น"),
    "undated": gettext_lazy("ไม่มีวันที่"),
    "rejected": gettext_lazy("ผู้ตรวจไม่รับ"),
    "removed": gettext_lazy("นำออกแล้ว"),
}
KIND_LABELS: Final = {
    "": gettext_lazy("ทุกชนิด"),
    "pdf": "PDF",
    "office": gettext_lazy("เอกสารสำนักงาน"),
    "image": gettext_lazy("ภาพ"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@reads
def library(request: SignedInRequest, code: str) -> HttpResponse:
    """The library of `?office=`, of the person's own without; POST brings files in, or photos as one PDF."""
    shown = access.get_library(request.user, code, clean_line(request.GET.get("office", "")))
    if request.method != "POST":
        return _show(request, shown)
    if not shown.is_editable:
        return _show(request, shown, 403, problems=[("", _("ท่านดูคลังนี้ได้ แต่เพิ่มเอกสารไม่ได้"))])
    photos = request.FILES.getlist("photos")
    if photos:
        return _take_photos(request, shown, photos)
    return _take_files(request, shown, request.FILES.getlist("files"))


def _take_files(request: SignedInRequest, shown: access.Library, files: list[UploadedFile]) -> HttpResponse:
    if not files:
        return _show(request, shown, 422, problems=[("", _("ยังไม่ได้เลือกไฟล์"))])
    return _add_all(request, shown, ((file.name or "", partial(_add, request, shown, file)) for file in files))


def _take_photos(request: SignedInRequest, shown: access.Library, photos: list[UploadedFile]) -> HttpResponse:
    day = thai.format_date(timezone.localdate(), reader_language(), "short")
    name = clean_line(request.POST.get("name", "")) or _("เอกสารที่ถ่าย %(day)s") % {"day": day}

    def add() -> actions.AddedDocument:
        with ExitStack() as stack:
            return _add(request, shown, stack.enter_context(photographed_pdf(photos, name)))

    return _add_all(request, shown, [(name, add)])


def _add(request: SignedInRequest, shown: access.Library, upload: Any) -> actions.AddedDocument:
    agency = shown.agency.pk if shown.agency else None
    return actions.add_document(by=request.user, province=shown.province.pk, agency=agency, upload=upload)


def _add_all(
    request: SignedInRequest,
    shown: access.Library,
    acts: Iterable[tuple[str, Callable[[], actions.AddedDocument]]],
) -> HttpResponse:
    """Adds each; what is refused is said by name, the others are in."""
    added: list[actions.AddedDocument] = []
    problems: list[tuple[str, str]] = []
    away = False
    for name, act in acts:
        try:
            if away:
                raise StoreAwayError
            added.append(act())
        except EvidenceRefused as refused:
            problems.append((name, str(refused)))
        except StoreAwayError:
            away = True
            problems.append((name, str(store_away_text())))
    if problems:
        answer = _show(request, shown, 503 if away else 422, problems=problems, notice=_added_text(added))
        return ask_to_retry(answer) if away else answer
    messages.success(request, _added_text(added))
    if len(added) == 1:
        return redirect("evidence:document", code=shown.province.code, public_id=added[0].document.public_id)
    return redirect(library_url(shown.province.code, shown.office))


def _added_text(added: list[actions.AddedDocument]) -> str:
    new, known = sum(a.created for a in added), sum(not a.created for a in added)
    texts = []
    if new:
        texts.append(ngettext("เพิ่มเข้าคลังแล้ว %(n)d ไฟล์", "เพิ่มเข้าคลังแล้ว %(n)d ไฟล์", new) % {"n": new})
    if known:
        texts.append(ngettext("มีในคลังอยู่แล้ว %(n)d ไฟล์", "มีในคลังอยู่แล้ว %(n)d ไฟล์", known) % {"n": known})
    if any(a.converted for a in added):
        texts.append(_("ภาพ HEIC เก็บเป็น JPEG เพื่อให้ทุกคนเปิดดูได้"))
    return " ".join(texts)


def _read_filter(request: SignedInRequest) -> LibraryFilter:
    query = clean_line(request.GET.get("q", ""))[:MOST_QUERY]
    show, kind = request.GET.get("show", ""), request.GET.get("kind", "")
    return LibraryFilter(query, show if show in SHOW else "", kind if kind in KINDS else "")


def _uploads(request: SignedInRequest, shown: access.Library) -> dict[str, Any]:
    """What a script needs for sending files in parts, and what this person has not sent whole."""
    target = {"province": shown.province.code, "office": shown.office}
    return {
        "upload_metadata": json.dumps({"target": "library", **target}),
        "unfinished": unfinished_uploads(request.user, "library", target),
    }


def _listed(shown: access.Library, wanted: LibraryFilter, rows: list[DocumentRow]) -> LazyValues:
    """The rows of a page."""
    values = {"every": shown.every, "code": shown.province.code, "rows": rows, "is_set": wanted.is_set}
    return LazyValues(digest_of(values), lambda: values)


def _filter(shown: access.Library, wanted: LibraryFilter) -> LazyValues:
    """What the form of the filter offers and holds."""
    offices = tuple(_OFFICES.all(shown.province.pk)) if shown.sees_province else ()

    def make() -> dict[str, Any]:
        named = [{"code": code, "name": Agency(name_th=th, name_en=en).name} for code, th, en in offices]
        labels = {"show_labels": SHOW_LABELS, "kind_labels": KIND_LABELS}
        return {"offices": named, "wanted": wanted, "office_shown": shown.office, **labels}

    return LazyValues((offices, shown.office, wanted), make)


_OFFICES: PreparedSelect[tuple[str, str, str]] = PreparedSelect(
    lambda province: Agency.objects.filter(province=province, active=True).values_list("code", "name_th", "name_en")
)


def _show(request: SignedInRequest, shown: access.Library, status: int = 200, **more: Any) -> HttpResponse:
    """The page. Ten queries at most, whatever the library holds."""
    wanted = _read_filter(request)
    office = shown.agency.pk if shown.agency else None
    found = listed_documents(shown.province.pk, office, wanted, of_all=shown.every)
    page = paginate(request, found, PAGE_ROWS)
    is_searched = wanted.query and page.number == 1
    context = {
        "library": shown,
        "province": shown.province,
        "wanted": wanted,
        "page": page,
        "listed": _listed(shown, wanted, list(page)),
        "hits": text_hits(wanted.query, shown.documents().filter(removed_at=None)) if is_searched else [],
        "filter": _filter(shown, wanted),
        "accept": ACCEPT_EXTENSIONS,
        "limit": format_size(settings.EVIDENCE_MAX_BYTES),
        "form_limit": format_size(form_file_limit()),
        **(_uploads(request, shown) if shown.is_editable else {}),
        "max_bytes": settings.EVIDENCE_MAX_BYTES,
        "most_photos": MOST_PHOTOS,
        **more,
    }
    return render(request, "evidence/placing/library.html", context, status=status)
