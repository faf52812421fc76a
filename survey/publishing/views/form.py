"""The page of one version of a form: its state and files, what to look at, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from scoring.scheme.queries import get_scheme_of_form
from scoring.scheme.registry import FaultyScheme, LoadedScheme, MissingScheme
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.publishing import actions
from survey.publishing.queries import files_of_form, form_file_text
from survey.publishing.views.access import get_form
from survey.publishing.views.downloads import yaml_response


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def form(request: SignedInRequest, number: int) -> HttpResponse:
    """What a version of a form is: counts, state, checksum, its files, its scheme."""
    row = get_form(request, number)
    instrument = compiled_instrument(row)
    scheme, scheme_faults = _scheme_of(instrument)
    context = {
        "row": row,
        "counts": (len(instrument.sections), len(instrument.questions), len(instrument.items)),
        "files": list(files_of_form(row)),
        "official": row.official_texts.count(),
        "rounds": row.rounds.count(),
        "scheme": scheme,
        "scheme_faults": scheme_faults,
    }
    return render(request, "survey/publishing/form.html", context)


def _scheme_of(instrument: CompiledInstrument) -> tuple[LoadedScheme | None, int]:
    """The scheme of a form, or the number of its faults against this form."""
    try:
        return get_scheme_of_form(instrument), 0
    except MissingScheme:
        return None, 0
    except FaultyScheme as error:
        return None, len(error.faults)


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def download(request: SignedInRequest, number: int) -> HttpResponse:
    """The file of a form, letter by letter; of one loaded by an earlier release a YAML of its content."""
    row = get_form(request, number)
    text, _made = form_file_text(row)
    return yaml_response(text, f"{row.key}-{row.year}.v{row.version}.yaml")


@post_only("survey:year-form", "number")
@allow(Capability.INSTRUMENTS_MANAGE)
def publish(request: SignedInRequest, number: int) -> HttpResponse:
    """Publishes the draft that was looked at: from then on it never changes."""
    row = get_form(request, number)
    try:
        actions.publish_form(by=request.user, row=row, checksum=request.POST.get("checksum", ""))
    except actions.AlreadyDecided:
        messages.error(request, _("ยังไม่เผยแพร่ เพราะฉบับร่างเปลี่ยนไปแล้วหรือเผยแพร่แล้ว โปรดดูหน้านี้อีกครั้ง"))
    else:
        messages.success(request, _("เผยแพร่แล้ว ฉบับนี้ไม่เปลี่ยนอีก และเปิดรอบด้วยแบบนี้ได้"))
    return redirect("survey:year-form", number)
