"""Views that invite the people of a list: template, dry run, applying."""

from dataclasses import astuple, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.actions import RefusedError, lists
from accounts.forms.lists import PeopleListForm
from accounts.lists.people_list import PersonEntry, parse_people_list
from accounts.made_once import made_once
from accounts.models import Province
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from accounts.views.list_context import grantable_role_labels, people_context
from accounts.views.list_pages import METHODS, list_page, read_list, template_download
from dgready.language import reader_language
from dgready.posting import post_only
from dgready.previews import sign_preview, unsign_preview
from dgready.sheets.workbook import Sheet, SheetFault

SALT = "accounts.people-import"

manages_users = allow(Capability.USERS_MANAGE)


@require_http_methods(METHODS)
@manages_users
@asks_second_factor_again
def upload(request: SignedInRequest, code: str) -> HttpResponse:
    """The dry run of a list of people to invite. Writes nothing."""
    province = get_province(request.user, code, Capability.USERS_MANAGE)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PeopleListForm(*given, by=request.user, province=province)
    if request.method != "POST" or not form.is_valid():
        return list_page(request, province, "people", form, status=422 if form.errors else 200)
    defaults = {name: form.cleaned_data[name] for name in ("default_role", "default_agency")}

    def parse(sheet: Sheet) -> tuple[list[PersonEntry], list[SheetFault]]:
        parsed = parse_people_list(sheet, replace(people_context(request.user, province, sheet), **defaults))
        return parsed.entries, parsed.faults

    entries, faults, read_as = read_list(form, parse)
    if faults:
        return list_page(request, province, "people", form, faults=faults, read_as=read_as, status=422)
    signed = sign_preview(SALT, request.user.pk, province.pk, [_packed(entry) for entry in entries])
    changes = lists.diff_people(province, entries)
    return list_page(request, province, "people", form, changes=changes, signed=signed, read_as=read_as)


@post_only("accounts:people-import", "code")
@manages_users
@asks_second_factor_again
@made_once
def apply(request: SignedInRequest, code: str) -> HttpResponse:
    """Invites the people of a dry run as it was shown to this person."""
    province = get_province(request.user, code, Capability.USERS_MANAGE)
    try:
        rows = unsign_preview(SALT, request.user.pk, province.pk, request.POST.get("signed", ""))
        invitations = lists.apply_people_list(
            by=request.user, province=province, entries=[_unpacked(row) for row in rows]
        )
    except (signing.BadSignature, ValueError, TypeError):
        return _refused(request, province, _("ผลการตรวจหมดอายุแล้ว โปรดส่งรายชื่ออีกครั้ง"))
    except RefusedError as refusal:
        return _refused(request, province, str(refusal))
    messages.success(request, _("เชิญแล้ว %(n)d คน กำลังส่งอีเมล") % {"n": len(invitations)})
    return redirect("accounts:people", code)


def _refused(request: SignedInRequest, province: Province, reason: str) -> HttpResponse:
    form = PeopleListForm(by=request.user, province=province)
    return list_page(request, province, "people", form, refused=reason, status=409)


@require_safe
@manages_users
def download(request: SignedInRequest, code: str) -> HttpResponse:
    """The workbook to fill in: headings, the roles this person may grant, the agencies."""
    from accounts.lists.template_workbook import write_people_template  # loads the library that writes workbooks

    province = get_province(request.user, code, Capability.USERS_MANAGE)
    agencies = [(agency.code, agency.name) for agency in province.agencies.filter(active=True)]
    roles = grantable_role_labels(request.user, province)
    content = write_people_template(roles=roles, agencies=agencies, language=reader_language())
    return template_download(content, f"people-{code}")


def _packed(entry: PersonEntry) -> list[Any]:
    return [value.isoformat() if isinstance(value, date) else value for value in astuple(entry)]


def _unpacked(row: list[Any]) -> PersonEntry:
    *texts, first, last = row
    return PersonEntry(*texts, *(date.fromisoformat(day) if day else None for day in (first, last)))
