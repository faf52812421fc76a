"""Views that give the script of the page what it draws: the file, the words of a page, passages, what is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.http import is_script_request
from evidence import store
from evidence.attaching.areas import read_areas
from evidence.attaching.views.files import withheld_page
from evidence.reading.pages import DocumentText
from evidence.scanning.queries import is_withheld
from evidence.viewing.passages import MarkedPassage, passage_between, passage_in_areas, passage_of_quote, runs_of
from evidence.viewing.texts import read_text, shown_file
from evidence.viewing.views.page import LookPage, found_places, get_look_page
from reports.system.views.stored_file import WantedFile, stored_file_answer

reads = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)


@require_safe
@reads
def content(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    """What is drawn: the PDF or picture itself, or the PDF that an office document was turned into. Hashed first."""
    page = get_look_page(request, pk, public_id, Capability.RESPONSE_READ)
    file, how = page.file, shown_file(page.file)
    if is_withheld(file, request.user):
        return withheld_page(request, page.looked_at, file)
    if how.shown_as == "text":
        raise Http404
    rendition = how.is_rendition
    wanted = WantedFile(
        store=store.STORE,
        stored=how.stored,
        # Contents are stored under their hash, renditions too.
        sha256=PurePosixPath(how.stored).name if rendition else file.sha256,
        name=f"{page.looked_at.name}.pdf" if rendition else page.looked_at.name,
        media_type="application/pdf" if rendition else file.media_type,
        back=page.path,
        province=page.response.round.province,
    )
    return stored_file_answer(request, wanted)


@require_safe
@reads
def page_words(request: SignedInRequest, pk: int, public_id: UUID, number: int) -> HttpResponse:
    """The words of a page with their places, as JSON: [start, text, left, top, right, bottom]."""
    look, document = _readable(request, pk, public_id)
    page = document.page(number) if document else None
    if page is None:
        return JsonResponse({"waiting": read_text(look.file).is_waiting, "words": []})
    return JsonResponse({"waiting": False, "words": [list(run) for run in runs_of(page)]})


@require_safe
@reads
def passage(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """A passage in our own text, as JSON: `?from=3:120&to=3:200`, `?areas=`, or `?quote=&page=` of another copy."""
    _look, document = _readable(request, pk, public_id)
    read = _READERS.get(next((name for name in _READERS if name in request.GET), ""))
    if read is None:
        raise Http404
    try:
        found = read(document or DocumentText(()), request)
    except ValueError:
        raise Http404 from None
    if found is None:
        return JsonResponse({"found": False})
    areas = " ".join(map(str, found.areas))
    return JsonResponse({"found": True, "pages": found.pages, "quote": found.quote, "areas": areas})


def _between(document: DocumentText, request: HttpRequest) -> MarkedPassage | None:
    first, last = (_place(request.GET.get(name, "")) for name in ("from", "to"))
    return passage_between(document, first, last)


def _place(text: str) -> tuple[int, int]:
    page, _colon, character = text[:20].partition(":")
    return int(page), int(character)


def _in_areas(document: DocumentText, request: HttpRequest) -> MarkedPassage | None:
    areas = read_areas(request.GET["areas"][:4000])
    return passage_in_areas(document, areas) if areas else None


def _of_quote(document: DocumentText, request: HttpRequest) -> MarkedPassage | None:
    return passage_of_quote(document, request.GET["quote"][:4000], int(request.GET.get("page", "1")[:6]))


_READERS: dict[str, Callable[[DocumentText, HttpRequest], MarkedPassage | None]] = {
    "from": _between,
    "areas": _in_areas,
    "quote": _of_quote,
}


@require_safe
@vary_on_headers("HX-Request", "X-Requested-With", "Accept")
@reads
def find(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """For a script: where `?q=` stands in the document. Else the page with it."""
    look = get_look_page(request, pk, public_id, Capability.RESPONSE_READ)
    query = request.GET.get("q", "").strip()
    if not is_script_request(request):
        return redirect(f"{look.path}?{urlencode({'q': query})}#found")
    if is_withheld(look.file, request.user):
        raise Http404
    text = read_text(look.file)
    context = {"panel": look, "query": query, "text": text, "editable": look.is_editable, **found_places(text, query)}
    return render(request, "evidence/viewing/_found.html", context)


def _readable(request: SignedInRequest, pk: int, public_id: UUID) -> tuple[LookPage, DocumentText | None]:
    """The page and the text of its file, if the person may have that."""
    look = get_look_page(request, pk, public_id, Capability.RESPONSE_READ)
    if is_withheld(look.file, request.user):
        raise Http404
    return look, read_text(look.file).document
