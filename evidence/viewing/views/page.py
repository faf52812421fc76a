"""The page on which a file is looked at and marked: question and document; or the side alone for a script."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import reader_language
from evidence import access, places
from evidence.attaching import queries
from evidence.attaching.areas import read_areas
from evidence.attaching.attachment_view import AttachmentView
from evidence.attaching.status import evidence_status
from evidence.attaching.views.panel import EvidencePanel
from evidence.attaching.views.panel_forms import AttachmentRow
from evidence.attaching.views.undoing import read_undo
from evidence.models import MAX_QUOTE_LENGTH, MAX_REASON_LENGTH, Attachment, File
from evidence.scanning.queries import is_withheld
from evidence.viewing.finding import find_in_document
from evidence.viewing.open_places import places_without_proof
from evidence.viewing.page_texts import ShownPage, shown_page
from evidence.viewing.suggestions import suggest_for_place
from evidence.viewing.texts import ReadText, read_text, shown_file
from survey.answering.queries import response_path
from survey.instrument.queries import compiled_instrument

_FIRST_PAGE: Final = re.compile(r"\d{1,6}", re.ASCII)  # of "3-5, 8" too
MOST_IN_LIST: Final = 30  # places found that the list shows; each has a form


@dataclass(slots=True)
class LookPage(EvidencePanel):
    """The page of one attachment. `number`: the page of the document that is shown as text without a script."""

    attachment: Attachment | None = None
    number: int = 0

    @property
    def looked_at(self) -> Attachment:
        """The attachment."""
        if self.attachment is None:
            raise Http404
        return self.attachment

    @property
    def file(self) -> File:
        """Its file; web addresses have no such page."""
        if self.looked_at.file is None:
            raise Http404
        return self.looked_at.file

    @property
    def path(self) -> str:
        """The address of the page without its query."""
        return reverse("evidence:look", args=[self.response.pk, self.looked_at.public_id])

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"{self.path}?{urlencode({'page': self.number or 1})}"

    def show(self, status: int = 200) -> HttpResponse:
        """The page, or what stands beside the document if a script asked."""
        template = "evidence/viewing/_side.html" if self.is_fragment else "evidence/viewing/look.html"
        context = self.side()
        if not self.is_fragment:
            context |= self.document(context["file"])
        return render(self.request, template, context, status=status)

    def side(self) -> dict[str, Any]:
        """What stands beside the document."""
        address, language = self.place.address, reader_language()
        instrument = compiled_instrument(self.response.round.instrument)
        path = response_path(self.response)
        files = queries.attachments_by_address(self.response, address).get(address, [])
        shown = next((f for f in files if f.id == str(self.looked_at.public_id)), None)
        if shown is None:  # taken off meanwhile
            raise Http404
        missing = places_without_proof(self.response)
        return {
            "panel": self,
            "undo": self._undo(),
            "response": self.response,
            "question": self.question,
            "label": instrument.items[self.place.question].ask.to(language),
            "parts": places.describe_place(instrument, self.place, path.values, language),
            "address": address,
            "is_open": address in path.places,
            "guide": instrument.proof_of(address),
            "status": evidence_status(self.place, files, path.values),
            "editable": self.is_editable,
            "file": shown,
            "row": self._look_row(shown),
            "others": [f for f in files if f.sha256 and f is not shown],
            "missing": len([each for each in missing if each != address]),
            "slot": self._slot_url(),
            "max_quote": MAX_QUOTE_LENGTH,
            "max_note": MAX_REASON_LENGTH,
        }

    def document(self, shown: AttachmentView) -> dict[str, Any]:
        """The document itself: what a script draws, and one page of its text."""
        file, query = self.file, self.request.GET.get("q", "").strip()
        if is_withheld(file, self.request.user):
            return {"withheld": file.notes}
        text = read_text(file)
        return {
            "how": shown_file(file),
            "text": text,
            "shown_page": self._text_page(text, shown),
            "query": query,
            **found_places(text, query),
            "suggestions": self._suggestions() if "suggest" in self.request.GET else None,
        }

    def _text_page(self, text: ReadText, shown: AttachmentView) -> ShownPage | None:
        if text.document is None or not text.document.pages:
            return None
        marks = [(mark.quote, read_areas(mark.areas)) for mark in shown.marks]
        first = next((area.page for _quote, areas in marks for area in areas), 0)
        return shown_page(text.document, self.number or first or 1, marks)

    def _suggestions(self) -> Any:
        return suggest_for_place(self.response, self.place, attachments_of_place(self.looked_at))

    def _look_row(self, shown: AttachmentView) -> AttachmentRow:
        """The forms of its marks, which post to this page."""
        [row] = self._rows([shown], {})
        marks = [replace(form, url=self.path) for form in row.marks]
        return replace(row, marks=marks, new_mark=replace(row.new_mark, url=self.path))

    def _undo(self) -> Any:
        """Undoing from here stays here."""
        undo = self.undo or read_undo(self.response, self.place.address, self.request.GET)
        if undo is None or "unmarked=" not in undo.query:
            return None
        number = undo.query.partition("unmarked=")[2]
        return replace(undo, url=f"{self.path}?{urlencode({'restore': number})}")

    def _slot_url(self) -> str:
        path = reverse("evidence:slot", args=[self.response.pk, self.question.item_id])
        return f"{path}?{urlencode({'at': self.place.address})}"


def get_look_page(request: SignedInRequest, pk: int, public_id: Any, cap: Capability) -> LookPage:
    """The page of an attachment that is not removed; Http404 for others, and for web addresses."""
    attachment = access.get_attachment(request.user, pk, public_id, cap)
    if attachment.file is None or attachment.removed_at is not None:
        raise Http404
    question = attachment.question
    _question, place = access.get_place(attachment.response, question.item_id, attachment.address)
    page = _FIRST_PAGE.match(request.GET.get("page", ""))
    number = int(page.group()) if page else 0
    return LookPage(request, attachment.response, question, place, attachment=attachment, number=number)


def attachments_of_place(attachment: Attachment) -> list[Attachment]:
    """The files at the place of an attachment with their marks, the attachment itself last. Two queries."""
    rows = Attachment.objects.filter(
        response=attachment.response_id, address=attachment.address, removed_at=None, file__isnull=False
    )
    rows = rows.select_related("file").prefetch_related("marks").order_by("added_at", "pk")
    return sorted(rows, key=lambda each: each.pk == attachment.pk)


def found_places(text: ReadText, query: str) -> dict[str, Any]:
    """What was found in a document; the list shows the first places, the pages all."""
    if not query or text.document is None:
        return {"found": (), "listed": ()}
    found = find_in_document(text.document, query)
    return {"found": found, "listed": found[:MOST_IN_LIST]}
