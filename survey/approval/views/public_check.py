"""Public view behind a paper's code: whether that approval is valid, void and since when, damaged, or none of ours."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from dgready.language import reader_language
from survey.approval.frozen_facts import FrozenFacts, read_frozen_facts
from survey.models import FrozenResponse


@require_safe
@never_cache
@public
def verify(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Province, year, hash, time of approval, and whether it is valid, damaged, or void and what replaces it."""
    asked = FrozenResponse.objects.filter(public_id=public_id).values("response")
    rows = FrozenResponse.objects.filter(Q(public_id=public_id) | Q(response__in=asked, voided_at=None))
    # The one that is asked for comes first; another one is that in force, which replaces it.
    versions = sorted(rows.select_related("response__round__province"), key=lambda row: row.public_id != public_id)
    if not versions:
        return _never_issued(request)
    facts, *others = read_frozen_facts(versions)
    round_ = facts.row.response.round
    frozen_province = (facts.data or {}).get("province", {})
    context = {
        "province_name": frozen_province.get(f"name_{reader_language()}") or round_.province.name,
        "year": (facts.data or {}).get("year", round_.year),
        "sha256": facts.sha256,
        "approved_at": facts.approved_at,
        "voided_at": facts.voided_at,
        "replaced_by": _replacement(facts, others),
        "holds": not facts.faults,
    }
    return render(request, "survey/approval/public_check.html", context)


@require_safe
@never_cache
@public
def typed(request: HttpRequest, number: str) -> HttpResponse:
    """A number that somebody typed: the page of that paper where it can be read as one, else that it is none."""
    try:
        return redirect("survey:verify", UUID(number.strip()))
    except ValueError:
        return _never_issued(request)


def _replacement(facts: FrozenFacts, others: list[FrozenFacts]) -> FrozenFacts | None:
    """The version in force that came after one that is void."""
    return next((one for one in others if facts.voided_at is not None and not one.faults), None)


def _never_issued(request: HttpRequest) -> HttpResponse:
    """The same for every number that is not known, whatever it looks like."""
    return render(request, "survey/approval/never_issued.html", status=404)
