"""Page of a province's journal, filtered; and the round and filter that a request asks for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.models import Province
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.language import reader_language
from survey.instrument.queries import compiled_instrument
from survey.journal.by_day import entries_by_day
from survey.journal.event_texts import item_title, verb_label
from survey.journal.province_journal import (
    describe_events,
    event_authors,
    event_verbs,
    filter_events,
    read_filter,
)
from survey.models import Response, Round

PER_PAGE = 15


def get_round_of_request(request: SignedInRequest, code: str) -> tuple[Province, Round | None, list[int]]:
    """The province, the round of `?year=` (else the newest, if any), and the years of its rounds."""
    province = get_province(request.user, code, Capability.JOURNAL_READ)
    years = list(Round.objects.filter(province=province).order_by("-year").values_list("year", flat=True))
    requested = request.GET.get("year", "")
    is_year = requested.isdecimal() and len(requested) < 6 and int(requested) in years
    year = int(requested) if is_year else next(iter(years), None)
    rows = Round.objects.select_related("instrument").defer("instrument__source")
    round_ = rows.filter(province=province, year=year).first() if year else None
    if round_:
        round_.province = province
    return province, round_, years


@require_safe
@allow(Capability.JOURNAL_READ)
def journal(request: SignedInRequest, code: str) -> HttpResponse:
    """The events of a province's round, filtered, newest first."""
    province, round_, years = get_round_of_request(request, code)
    context: dict[str, Any] = {"province": province, "round": round_, "years": years}
    if round_ is not None:
        criteria = read_filter(request.GET)
        page = paginate(request, filter_events(round_, criteria), PER_PAGE)
        context |= {
            "criteria": criteria,
            "asked": criteria.params(),
            "answer": Response.objects.filter(round=round_, agency=None).values_list("pk", flat=True).first(),
            "page": page,
            "days": entries_by_day(describe_events(round_, page, reader_language())),
            "people": event_authors(round_),
            "verbs": sorted(((v, verb_label(v, province.kind)) for v in event_verbs(round_)), key=lambda pair: pair[1]),
            "groups": _question_choices(round_),
            "query": urlencode({k: v for k, v in request.GET.items() if k != "page" and v}),
        }
    return render(request, "survey/journal/province.html", context)


def _question_choices(round_: Round) -> list[dict[str, Any]]:
    instrument = compiled_instrument(round_.instrument)
    language = reader_language()
    return [
        {
            "title": f"{section.sub_pillar or ''} {section.title.to(language)}".strip(),
            "choices": [(q.id, item_title(q, language)) for q in instrument.questions_of(section.id)],
        }
        for section in instrument.sections
    ]
