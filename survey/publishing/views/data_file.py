"""The page of one file of a scheme or of links: its state, its other files, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from scoring.scheme.uploading import SchemeIsThere, SchemeRejected, SchemeVersionTaken, publish_scheme
from survey.linking.checking import check_link_text
from survey.models import DataFile, DataFileKind
from survey.publishing import actions
from survey.publishing.queries import siblings_of
from survey.publishing.views.access import form_of, get_file
from survey.publishing.views.downloads import yaml_response


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def data_file(request: SignedInRequest, number: int) -> HttpResponse:
    """What a file is and what stands beside it; the file of a form leads to the form's page."""
    file = get_file(request, number)
    if (row := form_of(file)) is not None:
        return redirect("survey:year-form", row.pk)
    others = list(siblings_of(file))
    drafts = [f for f in others if f.published_at is None and f.version == file.version]
    context = {"file": file, "files": others, "newest": not drafts or drafts[0].pk == file.pk}
    return render(request, "survey/publishing/data_file.html", context)


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def download(request: SignedInRequest, number: int) -> HttpResponse:
    """The file, letter by letter as it was loaded."""
    file = get_file(request, number)
    return yaml_response(file.text, file.file_name)


@post_only("survey:year-file", "number")
@allow(Capability.INSTRUMENTS_MANAGE)
def publish(request: SignedInRequest, number: int) -> HttpResponse:
    """Publishes the draft that was looked at."""
    file = get_file(request, number)
    try:
        _publish(request, file)
    except (actions.AlreadyDecided, SchemeIsThere):
        messages.error(request, _("ยังไม่เผยแพร่ เพราะฉบับร่างเปลี่ยนไปแล้วหรือเผยแพร่แล้ว โปรดดูหน้านี้อีกครั้ง"))
    except SchemeVersionTaken:
        messages.error(request, _("ฉบับนี้เผยแพร่แล้วและไม่เปลี่ยนอีก หากต้องแก้ ให้เพิ่มเลข version ในไฟล์แล้วนำเข้าใหม่"))
    except _NoLongerFits:
        messages.error(request, _("ยังไม่เผยแพร่ เพราะไฟล์นี้ไม่ตรงกับแบบที่ใช้อยู่แล้ว โปรดนำไฟล์เข้าใหม่เพื่อดูจุดที่ต้องแก้"))
    return redirect("survey:year-file", number)


class _NoLongerFits(Exception):
    """The forms changed since the draft was checked."""


def _publish(request: SignedInRequest, file: DataFile) -> None:
    if request.POST.get("checksum") != file.checksum or file.kind == DataFileKind.INSTRUMENT:
        raise actions.AlreadyDecided
    if file.kind == DataFileKind.SCHEME:
        try:
            publish_scheme(by=request.user, file=file)
        except SchemeRejected as error:
            raise _NoLongerFits from error
        messages.success(request, _("เผยแพร่แล้ว เกณฑ์ฉบับนี้ไม่เปลี่ยนอีก รอบใดจะใช้ ให้เลือกที่หน้าเกณฑ์ทุกฉบับ"))
        return
    if check_link_text(file.text).links is None:
        raise _NoLongerFits
    actions.publish_links(by=request.user, file=file)
    messages.success(request, _("เผยแพร่แล้ว ระบบใช้การเชื่อมโยงนี้แทนของเดิมทันที"))
