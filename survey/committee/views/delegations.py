"""Views of delegations: list, create, revoke, download the order."""

from __future__ import annotations

from django.conf import DEFAULT_STORAGE_ALIAS
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.actions import RefusedError
from accounts.made_once import made_once
from accounts.models import Province
from accounts.roles import Capability
from evidence import store
from evidence.files.refusal import EvidenceRefused as FileRefused
from evidence.files.refusal import active_refusal
from evidence.files.sniff import sniff_content
from evidence.models import FileKind
from evidence.scanning.actions import require_no_virus
from reports.system.views.stored_file import WantedFile, stored_file_answer
from survey.committee.actions.delegations import DelegationDocument, create_delegation, may_delegate, revoke_delegation
from survey.committee.forms.delegations import DelegationForm
from survey.models import Delegation

METHODS = ["GET", "HEAD", "POST"]


def _province_to_delegate(request: SignedInRequest, code: str) -> Province:
    """The province in which this person may delegate; Http404."""
    province = Province.objects.filter(code=code).first()
    if province is None or not may_delegate(request.user, province):
        raise Http404
    return province


@require_safe
@allow(Capability.RESPONSE_READ)
def listing(request: SignedInRequest, code: str) -> HttpResponse:
    """The delegations of a province, newest first."""
    province = get_province(request.user, code, Capability.RESPONSE_READ)
    rows = Delegation.objects.filter(province=province).select_related("delegate", "by", "revoked_by")
    context = {
        "province": province,
        "rows": rows.order_by("-at"),
        "today": timezone.localdate(),
        "may_delegate": may_delegate(request.user, province),
    }
    return render(request, "survey/committee/delegations.html", context)


@require_http_methods(METHODS)
@allow(Capability.APPROVE, Capability.USERS_MANAGE)
@made_once
def new(request: SignedInRequest, code: str) -> HttpResponse:
    """Creates a delegation."""
    province = _province_to_delegate(request, code)
    form = DelegationForm(request.POST or None, request.FILES or None, province=province, by=request.user)
    if form.is_bound and form.is_valid() and _create_from_form(request, province, form):
        messages.success(request, _("บันทึกการมอบอำนาจแล้ว"))
        return redirect("survey:delegations", code)
    context = {"province": province, "form": form}
    return render(request, "survey/committee/delegation_form.html", context, status=422 if form.errors else 200)


def _create_from_form(request: SignedInRequest, province: Province, form: DelegationForm) -> bool:
    data = form.cleaned_data
    try:
        with store.spool_upload(data["document"]) as content:
            sniffed = sniff_content(content.path)
            if sniffed.kind != FileKind.PDF:
                form.add_error("document", _("คำสั่งต้องเป็นไฟล์ PDF"))
                return False
            if sniffed.active:  # an order has no place for a flag
                raise active_refusal(sniffed.active)
            require_no_virus(content.path)
            create_delegation(
                by=request.user,
                province=province,
                delegate=data["delegate"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                document=DelegationDocument(data["document_number"], content.path),
            )
    except FileRefused as refused:
        form.add_error("document", str(refused))
    except RefusedError as refused:
        form.add_error(None, str(refused))
    else:
        return True
    return False


@require_http_methods(METHODS)
@allow(Capability.APPROVE, Capability.USERS_MANAGE)
def revoke(request: SignedInRequest, code: str, pk: int) -> HttpResponseBase:
    """Revokes a delegation, after a confirmation page."""
    province = _province_to_delegate(request, code)
    delegation = _get_delegation(province, pk)
    refusal = ""
    if request.method == "POST":
        try:
            revoke_delegation(by=request.user, delegation=delegation)
        except RefusedError as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("ยกเลิกการมอบอำนาจแล้ว"))
            return redirect("survey:delegations", code)
    texts = {
        "title": _("ยกเลิกการมอบอำนาจ"),
        "question": _("ยกเลิกการมอบอำนาจของ %(who)s หรือไม่ มีผลทันที") % {"who": delegation.delegate},
        "button": _("ยกเลิกการมอบอำนาจ"),
        "keep": _("ไม่ยกเลิก"),
        "back": reverse("survey:delegations", args=[code]),
    }
    context = {"province": province, "refusal": refusal, "danger": True, **texts}
    return render(request, "accounts/confirm.html", context, status=422 if refusal else 200)


def _get_delegation(province: Province, pk: int) -> Delegation:
    rows = Delegation.objects.select_related("delegate", "province", "membership__province", "membership__user")
    delegation = rows.filter(province=province, pk=pk).first()
    if delegation is None:
        raise Http404
    return delegation


@require_safe
@allow(Capability.RESPONSE_READ)
def document(request: SignedInRequest, code: str, pk: int) -> HttpResponseBase:
    """Downloads the delegation order."""
    delegation = _get_delegation(get_province(request.user, code, Capability.RESPONSE_READ), pk)
    wanted = WantedFile(
        store=DEFAULT_STORAGE_ALIAS,
        stored=delegation.document.name or "",
        sha256=delegation.document_sha256,
        name=f"delegation-{delegation.province.code}-{delegation.pk}.pdf",
        media_type="application/pdf",
        back=reverse("survey:delegations", args=[code]),
        province=delegation.province,
    )
    return stored_file_answer(request, wanted)
