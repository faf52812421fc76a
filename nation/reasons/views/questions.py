"""Views of the list of reasons: the questions that ask for one, the entries of the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.actions.log import RefusedError
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.posting import post_only
from dgready.undo import Undo
from nation.agency_rounds.queries import is_agency_year
from nation.models import ReasonCode
from nation.reasons import actions, queries
from nation.reasons.forms import CodeForm


@require_safe
@allow(Capability.NATION_READ)
def reasons(request: SignedInRequest, year: int) -> HttpResponse:
    """The questions at which provinces wrote reasons, and how many texts are not in the list yet."""
    require_central(request.user, Capability.NATION_READ)
    questions = queries.list_reason_questions(year, queries.read_form(year))
    context: dict[str, Any] = {
        "year": year,
        "agency_year": is_agency_year(year),
        "questions": [(one, localize_text(one.question), localize_text(one.ask)) for one in questions],
        "texts": sum(one.texts for one in questions),
        "uncoded": sum(one.uncoded for one in questions),
        "may_manage": request.user.has(Capability.NATION_MANAGE),
    }
    return render(request, "nation/reasons/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_READ)
@made_once
def codes(request: SignedInRequest, year: int) -> HttpResponse:
    """The list of reasons; a post adds one to it."""
    require_central(request.user, Capability.NATION_READ)
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        require_central(request.user, Capability.NATION_MANAGE)
        if form.is_valid():
            try:
                code = actions.add_code(by=request.user, year=year, **form.cleaned_data)
            except RefusedError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("เพิ่มเหตุผล “%(label)s” แล้ว") % {"label": code.label_th})
                return redirect("nation:reason-codes", year)
    return _codes_page(request, year, form)


def _codes_page(request: SignedInRequest, year: int, form: CodeForm) -> HttpResponse:
    rows = ReasonCode.objects.filter(year=year).annotate(used=Count("texts")).order_by("order", "pk")
    all_codes = list(rows)
    dropped = request.GET.get("dropped", "")
    gone = next((code for code in all_codes if not code.active and code.key == dropped), None)
    undo = gone and Undo(
        _("นำ “%(label)s” ออกจากบัญชีแล้ว") % {"label": gone.label_th},
        reverse("nation:reason-code-restore", args=[year, gone.pk]),
        about=gone.label_th,
    )
    context = {
        "year": year,
        "codes": [code for code in all_codes if code.active],
        "form": form,
        "undo": undo,
        "earlier": queries.list_years_with_codes(year)[:1],
        "may_manage": request.user.has(Capability.NATION_MANAGE),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "nation/reasons/codes.html", context, status=status)


@post_only("nation:reason-codes", "year")
@allow(Capability.NATION_MANAGE)
def codes_take(request: SignedInRequest, year: int) -> HttpResponse:
    """Takes over the entries of the newest earlier list that this year's lacks."""
    require_central(request.user, Capability.NATION_MANAGE)
    [*years] = queries.list_years_with_codes(year)
    if not years:
        raise Http404
    added = actions.take_codes(by=request.user, year=year, source=years[0])
    messages.success(request, _("เพิ่มจากบัญชีปี %(source)s แล้ว %(n)s เหตุผล") % {"source": years[0], "n": len(added)})
    return redirect("nation:reason-codes", year)


@post_only("nation:reason-codes", "year")
@allow(Capability.NATION_MANAGE)
def code_drop(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Takes an entry that no text is under off the list; undone on the page that follows."""
    code = _get_code(request, year, number)
    try:
        actions.drop_code(by=request.user, code=code)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("nation:reason-codes", year)
    return redirect(f"{reverse('nation:reason-codes', args=[year])}?dropped={code.key}")


@post_only("nation:reason-codes", "year")
@allow(Capability.NATION_MANAGE)
def code_restore(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Puts an entry back on the list."""
    code = _get_code(request, year, number)
    actions.restore_code(by=request.user, code=code)
    messages.success(request, _("คืน “%(label)s” เข้าบัญชีแล้ว") % {"label": code.label_th})
    return redirect("nation:reason-codes", year)


def _get_code(request: SignedInRequest, year: int, number: int) -> ReasonCode:
    require_central(request.user, Capability.NATION_MANAGE)
    code = ReasonCode.objects.filter(year=year, pk=number).first()
    if code is None:
        raise Http404
    return code
