"""Views that take a list of agencies: template, dry run, applying."""

from dataclasses import astuple

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.actions import RefusedError, lists
from accounts.forms.lists import ListForm
from accounts.lists.agency_list import AgencyEntry, parse_agency_list
from accounts.made_once import made_once
from accounts.models import Province
from accounts.models.places import AgencyKind
from accounts.queries import departments_by_code
from accounts.roles import Capability
from accounts.views.list_context import agency_kind_words, department_words
from accounts.views.list_pages import METHODS, list_page, read_list, template_download
from dgready.language import reader_language
from dgready.posting import post_only
from dgready.previews import sign_preview, unsign_preview
from dgready.sheets.workbook import Sheet, SheetFault

SALT = "accounts.agencies-import"

manages_agencies = allow(Capability.AGENCIES_MANAGE)


@require_http_methods(METHODS)
@manages_agencies
def upload(request: SignedInRequest, code: str) -> HttpResponse:
    """The dry run of a list of agencies. Writes nothing."""
    province = get_province(request.user, code, Capability.AGENCIES_MANAGE)
    form = ListForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method != "POST" or not form.is_valid():
        return list_page(request, province, "agencies", form, status=422 if form.errors else 200)

    departments = {} if province.is_department else departments_by_code()

    def parse(sheet: Sheet) -> tuple[list[AgencyEntry], list[SheetFault]]:
        parsed = parse_agency_list(sheet, agency_kind_words(), department_words(departments.values()))
        return parsed.entries, parsed.faults

    entries, faults, read_as = read_list(form, parse)
    if faults:
        return list_page(request, province, "agencies", form, faults=faults, read_as=read_as, status=422)
    signed = sign_preview(SALT, request.user.pk, province.pk, [list(astuple(entry)) for entry in entries])
    changes = lists.diff_agencies(province, entries, departments)
    return list_page(request, province, "agencies", form, changes=changes, signed=signed, read_as=read_as)


@post_only("accounts:agencies-import", "code")
@manages_agencies
@made_once
def apply(request: SignedInRequest, code: str) -> HttpResponse:
    """Applies a dry run as it was shown to this person."""
    province = get_province(request.user, code, Capability.AGENCIES_MANAGE)
    try:
        rows = unsign_preview(SALT, request.user.pk, province.pk, request.POST.get("signed", ""))
        entries = [AgencyEntry(*row) for row in rows]
        done = lists.apply_agency_list(by=request.user, province=province, entries=entries)
    except (signing.BadSignature, ValueError, TypeError):
        return _refused(request, province, _("ผลการตรวจหมดอายุแล้ว โปรดส่งรายชื่ออีกครั้ง"))
    except (RefusedError, ValidationError) as refusal:
        reasons = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        return _refused(request, province, " ".join(reasons))
    counts = {kind: sum(change.kind == kind for change in done) for kind in ("add", "change")}
    messages.success(request, _("นำเข้าแล้ว: เพิ่ม %(add)d แก้ไข %(change)d หน่วยงาน") % counts)
    return redirect("accounts:agencies", code)


def _refused(request: SignedInRequest, province: Province, reason: str) -> HttpResponse:
    return list_page(request, province, "agencies", ListForm(), refused=reason, status=409)


@require_safe
@manages_agencies
def download(request: SignedInRequest, code: str) -> HttpResponse:
    """The workbook to fill in: the agencies as they stand, and the kinds."""
    from accounts.lists.template_workbook import write_agencies_template  # loads the library that writes workbooks

    province = get_province(request.user, code, Capability.AGENCIES_MANAGE)
    rows = [
        (a.code, a.name_th, a.name_en, str(AgencyKind(a.kind).label), a.parent.code if a.parent else "")
        for a in province.agencies.select_related("parent")
    ]
    kinds = [str(label) for label in AgencyKind.labels]
    departments = [] if province.is_department else [(d.code, d.name) for d in departments_by_code().values()]
    content = write_agencies_template(rows=rows, kinds=kinds, departments=departments, language=reader_language())
    return template_download(content, f"agencies-{code}")
