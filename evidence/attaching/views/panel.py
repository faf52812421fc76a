"""The evidence panel: one place of a response, as a page or as its inner part for a page's script."""

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
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from dgready.language import reader_language
from dgready.typed.dates import format_typed_date
from dgready.undo import Undo
from evidence import access, places
from evidence.attaching import queries
from evidence.attaching.attachment_view import AttachmentView
from evidence.attaching.status import evidence_status
from evidence.attaching.views.panel_forms import AttachmentRow, InlineForm, RefusedForm
from evidence.files.names import FILE_EXTENSIONS
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.models import MAX_QUOTE_LENGTH, FileKind
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import edit_refusal
from survey.answering.queries import response_path
from survey.instrument.addresses import item_id_of
from survey.instrument.place_windows import window_of
from survey.instrument.queries import compiled_instrument
from survey.instrument.windows import Period, is_outside, whole_years
from survey.models import Question, Response

ACCEPT_EXTENSIONS = ",".join(f".{FILE_EXTENSIONS.get(k, k)}" for k in FileKind.values) + ",.jpeg,.heic,.heif"


@dataclass(slots=True)
class EvidencePanel:
    """One evidence place of a response."""

    request: SignedInRequest
    response: Response
    question: Question
    place: places.PlaceDefinition
    refusals: list[tuple[str, EvidenceRefused]] = field(default_factory=list)
    refused_form: RefusedForm | None = None
    problem: str = ""
    notice: str = ""
    url_sent: str = ""
    understood: str = ""
    undo: Undo | None = None

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
    def window(self) -> Period | None:
        """The days that the place asks its documents from in this round; None where any day will do."""
        round_, place = self.response.round, self.place
        printed = window_of(place.item, place.row, place.column, place.option)
        return printed.span((round_.period_from, round_.period_to))

    @property
    def is_fragment(self) -> bool:
        """Whether a script asked, for the inner part."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def is_editable(self) -> bool:
        """Whether this person may change the evidence of the place now."""
        return access.may_edit_evidence(self.request.user, self.response, self.question, self.place.address)

    def saved(self, message: str) -> HttpResponse:
        """After a change: back to the page, or the inner part as it is now; with what can be undone, said there."""
        if self.is_fragment:
            self.notice = "" if self.undo else message
            return self.show()
        if self.undo:
            return redirect(f"{self.url}&{self.undo.query}")
        messages.success(self.request, message)
        return redirect(self.url)

    def say_understood(self, typed: str, value: str) -> None:
        """Notes what is told with the change, where a value is kept otherwise than it was typed."""
        if typed.strip() != value:
            self.understood = _("เข้าใจว่า %(value)s") % {"value": value}

    def attempt(
        self, action: Callable[[], object], message: str, form_id: str = "", attachment: str = ""
    ) -> HttpResponse:
        """Runs an action: what it refuses comes back with the form and the reason, 422; not editable is 409."""
        if not self.is_editable:
            return self.not_editable()
        try:
            action()
        except EvidenceRefused as refused:
            sent = {key: str(value) for key, value in self.request.POST.items()}
            self.refused_form = RefusedForm(attachment, form_id, refused, sent)
            if not form_id:
                self.problem = str(refused)
            return self.show(422)
        except NotEditable:
            return self.not_editable()
        return self.saved(f"{message} {self.understood}".strip())

    def not_editable(self) -> HttpResponse:
        """The page with 409: the response is submitted or past its date, or the question is not this agency's."""
        self.problem = edit_refusal(self.response, self.question, item_id_of(self.place.address))
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
            "window": self.window,
            "question": self.question,
            "label": item.ask.to(language),
            "address": address,
            "parts": places.describe_place(instrument, self.place, path.values, language),
            "or_url": self.place.need == "or_url",
            "url_answer": path.values.get(self.place.url, "") if self.place.url else "",
            "is_open": address in path.places,
            "guide": instrument.proof_of(address),
            "editable": self.is_editable,
            "rows": [self._row(file) for file in files],
            "removed": queries.removed_attachments(self.response, address),
            "status": evidence_status(self.place, files, path.values),
            "back": f"{back}#e:{address}",
            "accept": ACCEPT_EXTENSIONS,
            "limit": format_size(settings.EVIDENCE_MAX_BYTES),
            "max_bytes": settings.EVIDENCE_MAX_BYTES,
            "max_quote": MAX_QUOTE_LENGTH,
        }

    def _row(self, file: AttachmentView) -> AttachmentRow:
        args = [self.response.pk, file.id]
        marks = [
            self._with_refusal(
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
        new_mark = InlineForm(id=f"n{file.id}", url=reverse("evidence:marks", args=args))
        date_form = InlineForm(
            id=f"d{file.id}",
            url=reverse("evidence:date", args=args),
            date=format_typed_date(file.document_date) if file.document_date else "",
        )
        return AttachmentRow(
            file,
            marks,
            self._with_refusal(new_mark, file),
            self._with_refusal(date_form, file),
            is_outside_window=is_outside(file.document_date, self.window),
            years_old=whole_years(file.document_date, timezone.localdate()) if file.document_date else 0,
        )

    def _with_refusal(self, form: InlineForm, file: AttachmentView) -> InlineForm:
        """The form as it was sent, with the reason, if it is the one that was refused."""
        refused = self.refused_form
        if refused is None or refused.attachment != file.id or refused.form_id != form.id:
            return form
        sent = refused.sent
        return InlineForm(
            id=form.id,
            url=form.url,
            pages=sent.get("pages", ""),
            quote=sent.get("quote", ""),
            date=sent.get("date", ""),
            error=str(refused.reason),
            field=refused.reason.reason,
            mark=form.mark,
        )
