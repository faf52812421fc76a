"""The evidence panel: one place of a response, as a page or as its inner part for a page's script."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
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
from evidence.attaching.confirming import confirm_hindrance
from evidence.attaching.copies import CopyView, copies_of
from evidence.attaching.status import evidence_status
from evidence.attaching.views.mark_findings import find_texts, finding_of
from evidence.attaching.views.panel_forms import AttachmentRow, InlineForm, RefusedForm
from evidence.checking.rule import KnownText
from evidence.files.names import FILE_EXTENSIONS
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.files.uploads import form_file_limit
from evidence.models import MAX_QUOTE_LENGTH, FileKind
from evidence.placing.views.choices import panel_choices
from evidence.uploading.queries import UnfinishedUpload, unfinished_at_place
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import edit_refusal
from survey.answering.queries import response_path
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath
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
    known_editable: bool | None = None

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
        if self.known_editable is None:
            self.known_editable = access.may_edit_evidence(
                self.request.user, self.response, self.question, self.place.address
            )
        return self.known_editable

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
        self.known_editable = None  # it may have changed since it was asked
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
        copies = copies_of(self.response, files)
        status, editable = evidence_status(self.place, files, path.values), self.is_editable
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
            "editable": editable,
            **(panel_choices(self, instrument, status) if editable else {}),
            "rows": self._rows(files, copies),
            "asks_for_copy": self._asks_for_copy(path, files),
            "removed": queries.removed_attachments(self.response, address),
            "status": status,
            "back": f"{back}#e:{address}",
            "max_quote": MAX_QUOTE_LENGTH,
            **self._sending(),
        }

    def _sending(self) -> dict[str, Any]:
        """What sending files here needs: kinds, limits, what parts of a large file say, what was cut off before."""
        target = {"response": str(self.response.pk), "item": self.question.item_id, "at": self.place.address}
        return {
            "accept": ACCEPT_EXTENSIONS,
            "limit": format_size(settings.EVIDENCE_MAX_BYTES),
            "form_limit": format_size(form_file_limit()),
            "max_bytes": settings.EVIDENCE_MAX_BYTES,
            "unfinished": self._unfinished(),
            "upload_metadata": json.dumps(target),
        }

    def _unfinished(self) -> list[UnfinishedUpload]:
        """What this person began to send here and has not sent whole."""
        if not self.is_editable:
            return []
        return unfinished_at_place(self.request.user, self.response, self.question.item_id, self.place.address)

    def _asks_for_copy(self, path: QuestionnairePath, files: list[AttachmentView]) -> bool:
        """Whether the answer gives a web address instead of a file, and nothing here is a copy of what it shows."""
        answered = bool(self.place.url and path.values.get(self.place.url))
        return answered and not any(file.sha256 and not file.infected for file in files)

    def _rows(self, files: list[AttachmentView], copies: Mapping[str, CopyView]) -> list[AttachmentRow]:
        texts, editable = find_texts(files) if self.is_editable else {}, self.is_editable
        return [self._row(file, texts.get(file.sha256), copies.get(file.id), editable=editable) for file in files]

    def _row(
        self, file: AttachmentView, text: KnownText | None, copy: CopyView | None = None, *, editable: bool
    ) -> AttachmentRow:
        args = [self.response.pk, file.id]
        marks = [
            self._with_refusal(
                InlineForm(
                    id=f"m{mark.id}",
                    url=reverse("evidence:mark", args=[*args, mark.id]),
                    pages=mark.pages,
                    quote=mark.quote,
                    mark=mark,
                    areas=mark.areas,
                    note=mark.note,
                    finding=finding_of(mark, file, text, editable=editable),
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
            confirm_form=self._confirm_form(file) if file.to_confirm else None,
            copy=copy,
            copy_form=self._copy_form(file) if file.url else None,
            hindrance=confirm_hindrance(file.document_date, self.window),
            years_old=whole_years(file.document_date, timezone.localdate()) if file.document_date else 0,
        )

    def _confirm_form(self, file: AttachmentView) -> InlineForm:
        url = reverse("evidence:confirm", args=[self.response.pk, file.id])
        return self._with_refusal(InlineForm(id=f"c{file.id}", url=url), file)

    def _copy_form(self, file: AttachmentView) -> InlineForm:
        url = reverse("evidence:copy-keep", args=[self.response.pk, file.id])
        return self._with_refusal(InlineForm(id=f"k{file.id}", url=url), file)

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
            text=sent.get("reason", ""),
            error=str(refused.reason),
            field=refused.reason.reason,
            mark=form.mark,
            areas=sent.get("areas", form.areas),
            note=sent.get("note", form.note),
            finding=form.finding,
        )
