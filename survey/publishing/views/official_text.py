"""Attaching the paper's own words to a form: the report first, then the same file again to attach it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.thai_words import thai_dictionary
from survey.instrument.official.matching import OfficialMatch, match_official_text
from survey.instrument.official.report import match_as_json
from survey.instrument.queries import compiled_instrument
from survey.publishing.actions import attach_official
from survey.publishing.forms import OfficialTextForm
from survey.publishing.reading import checksum_of
from survey.publishing.views.access import get_form

SHOWN_FOREIGN = 20
SHOWN_ENTRIES = 120  # places that are not certain
EXCERPT = 160  # letters


@require_http_methods(["GET", "POST"])
@allow(Capability.INSTRUMENTS_MANAGE)
def official_text(request: SignedInRequest, number: int) -> HttpResponse:
    """Shows what a text would attach and how sure; attaches it when the file of the report comes again."""
    row = get_form(request, number)
    form = OfficialTextForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"row": row, "form": form, "official": row.official_texts.count()}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            text, name = form.cleaned_data["file"]
            match = match_official_text(compiled_instrument(row), text, thai_dictionary())
            checksum = checksum_of(text)
            if match.is_enough and form.cleaned_data["checked"] == checksum:
                attach_official(by=request.user, row=row, match=match, name=name, checksum=checksum)
                messages.success(request, _("แนบถ้อยคำของ DGA แล้ว %(n)s แห่ง") % {"n": len(match.wordings)})
                return redirect("survey:year-form", number)
            status = 200 if match.is_enough else 422
            context |= _report(match)
            context["form"] = OfficialTextForm(initial={"checked": checksum if match.is_enough else ""})
    return render(request, "survey/publishing/official_text.html", context, status=status)


def _report(match: OfficialMatch) -> dict[str, Any]:
    report = match_as_json(match)
    uncertain = [
        {**entry, "question": question, "text": (entry.get("text") or entry.get("ours", ""))[:EXCERPT]}
        for question, entries in report["questions"].items()
        for entry in entries
        if entry["state"] != "matched"
    ]
    shares = [
        (label, *report[key], f"{100 * report[key][0] / report[key][1]:.1f}" if report[key][1] else "")
        for label, key in ((_("ข้อ"), "items"), (_("ตัวเลือกและแถว"), "options_and_rows"), (_("คอลัมน์"), "columns"))
    ]
    return {
        "report": report,
        "shares": shares,
        "uncertain": uncertain[:SHOWN_ENTRIES],
        "more": max(len(uncertain) - SHOWN_ENTRIES, 0),
        "foreign": [one["text"][:EXCERPT] for one in report["foreign"][:SHOWN_FOREIGN]],
        "more_foreign": max(len(report["foreign"]) - SHOWN_FOREIGN, 0),
    }
