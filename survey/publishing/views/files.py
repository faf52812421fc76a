"""The list of a year's files and their upload: checked whole, kept as a draft where there is no fault."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.models import User
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.limits import read_text
from dgready.yaml_upload import read_yaml_upload
from scoring.scheme import registry as schemes
from scoring.scheme.uploading import SchemeIsThere, SchemeRejected, SchemeVersionTaken, keep_scheme
from survey.instrument.actions import AlreadyPublished, InstrumentRejected
from survey.instrument.source import Fault, SourceError
from survey.linking.checking import check_link_text
from survey.linking.registry import list_link_files
from survey.models import DataFile
from survey.publishing import actions
from survey.publishing.fault_texts import localized_faults
from survey.publishing.forms import YearFileForm
from survey.publishing.reading import checksum_of, kind_of, unreadable_fault
from survey.publishing.views.downloads import yaml_response
from survey.publishing.views.listing import listed_files

SHOWN_FAULTS: Final = 200


class _Refused(Exception):
    """The file was not taken: its faults, or one sentence."""

    def __init__(self, sentence: str = "", faults: list[Fault] | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.faults = sentence, faults or []


@require_http_methods(["GET", "POST"])
@allow(Capability.INSTRUMENTS_MANAGE)
def files(request: SignedInRequest) -> HttpResponse:
    """Every form, scheme and link file with its state; takes another one."""
    require_central(request.user, Capability.INSTRUMENTS_MANAGE)
    form = YearFileForm(request.POST or None, request.FILES or None)
    # A form that nobody has filled in is the same for all.
    card = LazyValues(None if form.is_bound else "empty", lambda: {"form": form})
    context: dict[str, Any] = {"card": card, "listed": listed_files()}
    if request.method == "POST" and form.is_valid():
        text, name = form.cleaned_data["file"]
        try:
            return redirect(_take(request, text, name))
        except _Refused as refused:
            context |= {"sentence": refused.sentence, "name": name, "fault_count": len(refused.faults)}
            context["faults"] = localized_faults(text, refused.faults[:SHOWN_FAULTS], reader_language())
    status = 422 if request.method == "POST" else 200
    return render(request, "survey/publishing/files.html", context, status=status)


def _take(request: SignedInRequest, text: str, name: str) -> str:
    """Keeps the file as a draft; the address of its page. Raises _Refused."""
    try:
        kind = kind_of(read_yaml_upload(text.encode()))
        take = {"instrument": _take_form, "scheme": _take_scheme, "links": _take_links}[kind]
        address, is_new = take(request.user, text, name)
    except SourceError as error:
        raise _Refused(faults=[unreadable_fault(error)]) from error
    except IntegrityError as error:
        raise _Refused(_("มีผู้นำไฟล์เดียวกันเข้าในเวลาเดียวกัน โปรดนำเข้าอีกครั้ง")) from error
    said = _("ไฟล์ใช้ได้ เก็บเป็นฉบับร่างแล้ว ดูตัวอย่างและความต่างก่อนเผยแพร่") if is_new else _("ไฟล์นี้มีอยู่แล้ว ไม่มีอะไรเปลี่ยน")
    messages.success(request, said)
    return address


def _take_form(by: User, text: str, name: str) -> tuple[str, bool]:
    try:
        row, file, changed = actions.load_form(by=by, text=text, name=name)
    except InstrumentRejected as error:
        raise _Refused(faults=error.faults) from error
    except AlreadyPublished as error:
        raise _Refused(_taken()) from error
    return reverse("survey:year-form", args=[row.pk]), changed or file is not None


def _take_scheme(by: User, text: str, name: str) -> tuple[str, bool]:
    try:
        file = keep_scheme(by=by, text=text, name=name)
    except SchemeRejected as error:
        raise _Refused(faults=error.faults) from error
    except SchemeVersionTaken as error:
        raise _Refused(_taken()) from error
    except SchemeIsThere:
        return reverse("survey:year-files"), False
    return _address_of(file, text)


def _take_links(by: User, text: str, name: str) -> tuple[str, bool]:
    checked = check_link_text(text)
    if checked.links is None or checked.header is None:
        raise _Refused(faults=checked.faults)
    return _address_of(actions.keep_links(by=by, text=text, name=name, header=checked.header), text)


def _address_of(file: DataFile | None, text: str) -> tuple[str, bool]:
    row = file or DataFile.objects.filter(checksum=checksum_of(text)).order_by("-pk")[0]
    return reverse("survey:year-file", args=[row.pk]), file is not None


def _taken() -> str:
    return _("ฉบับนี้เผยแพร่แล้วและไม่เปลี่ยนอีก หากต้องแก้ ให้เพิ่มเลข version ในไฟล์แล้วนำเข้าใหม่")


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def shipped(request: SignedInRequest, kind: str, name: str) -> HttpResponse:
    """A scheme or link file that came with the installation, letter by letter."""
    require_central(request.user, Capability.INSTRUMENTS_MANAGE)
    of_kind = schemes.list_scheme_files() if kind == "scheme" else [path for path, _header in list_link_files()]
    path = next((path for path in of_kind if path.name == name), None)
    if path is None:
        raise Http404
    return yaml_response(read_text(path), path.name)
