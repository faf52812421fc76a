"""What every answer about one evidence place shows: the page, or its inner part for a page's script."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from dgready.language import reader_language
from dgready.typed.dates import format_typed_date
from evidence import access, places
from evidence.attaching import queries
from evidence.attaching.queries import AttachmentView, MarkView
from evidence.files.names import FILE_EXTENSIONS
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.models import MAX_QUOTE_LENGTH, FileKind
from survey.answering.actions import NotEditable
from survey.answering.queries import response_path
from survey.instrument.queries import compiled_instrument
from survey.models import Question, Response

ACCEPT_EXTENSIONS = ",".join(f".{FILE_EXTENSIONS.get(k, k)}" for k in FileKind.values) + ",.jpeg"


@dataclass(frozen=True, slots=True)
class InlineForm:
    """A mark form, or the date form: what stands in it and what was wrong with what was sent."""

    id: str
    url: str
    pages: str = ""
    quote: str = ""
    date: str = ""
    error: str = ""
    field: str = ""
    mark: MarkView | None = None


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """What was sent about an attachment and refused: shown again with the reason."""

    attachment: str
    what: str
    reason: EvidenceRefused
    sent: dict[str, str]


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment with its forms."""

    file: AttachmentView
    marks: list[InlineForm]
    new: InlineForm
    day: InlineForm
    outside: bool


@dataclass(slots=True)
class EvidencePanel:
    """One evidence place of a response."""

    request: SignedInRequest
    response: Response
    question: Question
    place: places.PlaceDefinition
    refusals: list[tuple[str, EvidenceRefused]] = field(default_factory=list)
    fault: RefusedForm | None = None
    problem: str = ""
    note: str = ""
    url_sent: str = ""

    @property
    def url(self) -> str:
        """The address of the page."""
        path = reverse("evidence:slot", args=[self.response.pk, self.question.item_id])
        return f"{path}?{urlencode({'at': self.place.address})}"

    @property
    def key(self) -> str:
        """Start of the HTML ids: several panels can stand in one page."""
        return f"ev{zlib.crc32(self.place.address.encode()):x}"

    @property
    def is_fragment(self) -> bool:
        """Whether a script asked, for the inner part."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def is_editable(self) -> bool:
        """Whether this person may change what stands at the place now."""
        return access.may_edit_evidence(self.request.user, self.response, self.question, self.place.address)

    def done(self, note: str) -> HttpResponse:
        """After a change: back to the page, or the inner part as it is now."""
        if self.is_fragment:
            self.note = note
            return self.show()
        messages.success(self.request, note)
        return redirect(self.url)

    def attempt(self, act: Callable[[], object], note: str, what: str = "", attachment: str = "") -> HttpResponse:
        """Runs an action: what it refuses comes back with the form and the reason, 422; out of hand is 409."""
        if not self.is_editable:
            return self.out_of_hand()
        try:
            act()
        except EvidenceRefused as refused:
            sent = {key: str(value) for key, value in self.request.POST.items()}
            self.fault = RefusedForm(attachment, what, refused, sent)
            if not what:
                self.problem = str(refused)
            return self.show(422)
        except NotEditable:
            return self.out_of_hand()
        return self.done(note)

    def out_of_hand(self) -> HttpResponse:
        """The response is handed in or past its date, or the question is not this agency's."""
        self.problem = _("แบบสำรวจหรือข้อนี้ส่งหรือปิดรับแล้ว หรือไม่ได้มอบหมายให้หน่วยงานของท่าน จึงแก้ไขหลักฐานไม่ได้")
        return self.show(409)

    def show(self, status: int = 200) -> HttpResponse:
        """The page, or the inner part if a script asked."""
        template = "evidence/attaching/_place.html" if self.is_fragment else "evidence/attaching/place.html"
        return render(self.request, template, self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """Everything the templates need."""
        address, language = self.place.address, reader_language()
        # Read before the rest: what is shown is at least as new as the version it is shown under.
        version = Response.objects.values_list("version", flat=True).get(pk=self.response.pk)
        instrument = compiled_instrument(self.response.round.instrument)
        path = response_path(self.response)
        files = queries.attachments_by_address(self.response, address).get(address, [])
        item = instrument.items[self.place.question]
        back = reverse("survey:fill", args=[self.response.pk, self.question.section])
        return {
            "panel": self,
            "version": version,
            "response": self.response,
            "round": self.response.round,
            "question": self.question,
            "label": item.ask.to(language),
            "address": address,
            "parts": places.describe_place(instrument, self.place, path.values, language),
            "or_url": self.place.need == "or_url",
            "url_answer": path.values.get(self.place.url, "") if self.place.url else "",
            "is_open": address in path.places,
            "editable": self.is_editable,
            "rows": [self._row(file) for file in files],
            "removed": queries.removed_attachments(self.response, address),
            "standing": queries.evidence_status(self.place, files, path.values),
            "back": f"{back}#e:{address}",
            "accept": ACCEPT_EXTENSIONS,
            "limit": format_size(settings.EVIDENCE_MAX_BYTES),
            "max_bytes": settings.EVIDENCE_MAX_BYTES,
            "max_quote": MAX_QUOTE_LENGTH,
        }

    def _row(self, file: AttachmentView) -> AttachmentRow:
        args = [self.response.pk, file.id]
        marks = [
            self._entry(
                InlineForm(
                    id=f"m{mark.id}",
                    url=reverse("evidence:mark", args=[*args, mark.id]),
                    pages=mark.pages,
                    quote=mark.quote,
                    mark=mark,
                ),
                file,
            )
            for mark in file.marks
        ]
        new = InlineForm(id=f"n{file.id}", url=reverse("evidence:marks", args=args))
        written = format_typed_date(file.document_date) if file.document_date else ""
        day = InlineForm(id=f"d{file.id}", url=reverse("evidence:date", args=args), date=written)
        period = self.response.round
        outside = file.document_date is not None and not (period.period_from <= file.document_date <= period.period_to)
        return AttachmentRow(file, marks, self._entry(new, file), self._entry(day, file), outside)

    def _entry(self, entry: InlineForm, file: AttachmentView) -> InlineForm:
        """The entry as it was sent, if it is the one that was refused."""
        fault = self.fault
        if fault is None or fault.attachment != file.id or fault.what != entry.id:
            return entry
        sent = fault.sent
        return InlineForm(
            id=entry.id,
            url=entry.url,
            pages=sent.get("pages", ""),
            quote=sent.get("quote", ""),
            date=sent.get("date", ""),
            error=str(fault.reason),
            field=fault.reason.reason,
            mark=entry.mark,
        )
