"""Where pages of the provincial answer lead in a year that each agency answers for itself: there is none."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from survey.instrument.queries import is_answered_by_each_agency
from survey.models import Response


def averages_instead(response: Response) -> HttpResponseRedirect | None:
    """Leads to the averages of the agencies instead of the provincial answer; None where the province answers.

    An empty provincial answer would be shown with a score of 0 and with everything missing.
    """
    round_ = response.round
    if not response.is_provincial or not is_answered_by_each_agency(round_.instrument):
        return None
    return redirect("nation:agency-round", round_.province.code, round_.year)
