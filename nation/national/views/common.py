"""What every address of the national report asks first: may the person see it, and whose answers are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, QueryDict

from accounts.access import SignedInRequest, require_central
from accounts.roles import Capability
from dgready.localized_text import LocalizedText
from nation.facts.types import NationalReport
from nation.national.choices import ReportChoice, UnknownMember, read_choice
from nation.national.queries import get_report, newest_form
from nation.releases.embargo import may_see_national


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A report with what was chosen. `titles`: names of the pillars."""

    choice: ReportChoice
    report: NationalReport
    titles: Mapping[str, LocalizedText]


def get_asked_report(request: SignedInRequest, year: int, given: QueryDict | None = None) -> AskedReport:
    """The report that an address or a form (`given`) asks for; Http404 for others than the centre."""
    require_national(request, year)
    form = newest_form(year)
    if form is None:
        raise Http404
    try:
        choice = read_choice(year, request.GET if given is None else given)
    except UnknownMember as fault:
        raise Http404 from fault
    titles = {pillar.number: pillar.name for pillar in form.pillars}
    return AskedReport(choice, get_report(choice.population), titles)


def require_national(request: SignedInRequest, year: int) -> None:
    """Raises Http404 unless the person may see figures that are counted now: the embargo is asked, too."""
    require_central(request.user, Capability.NATION_READ)
    if not may_see_national(request.user, year):
        raise Http404
