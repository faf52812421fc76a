"""Views of looking at a file and marking it, and of the next place without proof."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.http import is_script_request
from evidence.attaching import actions
from evidence.attaching.views.undoing import mark_removal, undo_unmarking
from evidence.models import Mark
from evidence.places import find_place
from evidence.scanning.queries import is_withheld
from evidence.viewing.open_places import file_to_mark, place_after, places_without_proof
from evidence.viewing.suggestions import suggest_for_place
from evidence.viewing.views.page import LookPage, attachments_of_place, get_look_page
from survey.access import get_response
from survey.instrument.queries import compiled_instrument

reads = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
PANEL_SUGGESTIONS = 3  # under a file in the panel of its place


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@reads
def look(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """A file beside its question; POST adds a mark, changes or removes one (`mark`, `delete`), or `?restore=` one."""
    marking = request.method == "POST"
    page = get_look_page(request, pk, public_id, Capability.ANSWER_EDIT if marking else Capability.RESPONSE_READ)
    if not marking:
        return page.show()
    if "restore" in request.GET:
        return _restore(page)
    return _delete(page) if "delete" in request.POST else _save(page)


def _existing_mark(page: LookPage) -> Mark | None:
    """The mark that the form is about; None for a new one; Http404 for one that is not of this file."""
    number = page.request.POST.get("mark", "")
    if not number:
        return None
    rows = Mark.objects.filter(attachment=page.looked_at)
    mark = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 19 else None
    if mark is None:
        raise Http404
    mark.attachment = page.looked_at
    return mark


def _save(page: LookPage) -> HttpResponse:
    sent, existing = page.request.POST, _existing_mark(page)

    def save() -> None:
        saved = actions.save_mark(
            by=page.request.user,
            attachment=page.looked_at,
            pages=sent.get("pages", ""),
            quote=sent.get("quote", ""),
            areas=sent.get("areas", ""),
            note=sent.get("note", ""),
            mark=existing,
        )
        page.number = int(saved.pages.partition("-")[0].partition(",")[0])
        page.say_understood(sent.get("pages", "") or saved.pages, saved.pages)

    form_id = f"m{existing.pk}" if existing else f"n{page.looked_at.public_id}"
    message = _("แก้ไขเครื่องหมายแล้ว") if existing else _("ทำเครื่องหมายแล้ว")
    return page.attempt(save, message, form_id, str(page.looked_at.public_id))


def _delete(page: LookPage) -> HttpResponse:
    mark = _existing_mark(page)
    if mark is None:
        raise Http404

    def delete() -> None:
        removal = actions.delete_mark(by=page.request.user, mark=mark)
        page.undo = undo_unmarking(page.looked_at, removal) if removal else None

    return page.attempt(delete, _("ลบเครื่องหมายแล้ว"))


def _restore(page: LookPage) -> HttpResponse:
    removal = mark_removal(page.response, page.request.GET["restore"], page.looked_at)
    if removal is None:
        raise Http404
    return page.attempt(
        lambda: actions.restore_mark(by=page.request.user, attachment=page.looked_at, removal=removal),
        _("นำเครื่องหมายกลับมาแล้ว"),
    )


@require_safe
@vary_on_headers("HX-Request", "X-Requested-With", "Accept")
@reads
def suggestions(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """For a script: what is suggested of this file, or with `?all=1` of all files at its place. Else the page."""
    page = get_look_page(request, pk, public_id, Capability.RESPONSE_READ)
    if not is_script_request(request):
        return redirect(f"{page.path}?suggest=1#suggestions")
    attachment, everything = page.looked_at, "all" in request.GET
    attachments = attachments_of_place(attachment)
    if not everything:
        attachments = [each for each in attachments if each.pk == attachment.pk]
    attachments = [each for each in attachments if each.file and not is_withheld(each.file, request.user)]
    found = suggest_for_place(page.response, page.place, attachments)
    if not everything:
        found.passages[PANEL_SUGGESTIONS:] = []
    context = {
        "suggestions": found,
        "response": page.response,
        "attachment": attachment,
        "in_panel": not everything,
        "editable": page.is_editable,
    }
    return render(request, "evidence/viewing/_suggestions.html", context)


@require_safe
@vary_on_headers("HX-Request")
@reads
def next_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leads to the place without proof behind `?after=`: to the file that waits for a mark there, else to the place.

    A script is always led to the place, whose panel it shows.
    """
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    after = request.GET.get("after", "")[:400]
    address = place_after(response, after, places_without_proof(response))
    place = find_place(compiled_instrument(response.round.instrument), address) if address else None
    if address is None or place is None:
        messages.success(request, _("ไม่มีที่อื่นที่ยังขาดหลักฐาน"))
        return redirect("evidence:listing", pk)
    waiting = None if request.headers.get("HX-Request") else file_to_mark(response, address)
    if waiting is not None and waiting.file is not None and not is_withheld(waiting.file, request.user):
        return redirect("evidence:look", pk, waiting.public_id)
    path = reverse("evidence:slot", args=[pk, place.question])
    return redirect(f"{path}?{urlencode({'at': address})}")
