"""Page of a province's journal, filtered; and the round and filter that a request asks for."""

from __future__ import annotations

from collections.abc import Sequence
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
from dgready.lazy_values import LazyValues
from dgready.prepared_select import PreparedSelect
from survey.instrument.queries import compiled_instrument
from survey.journal.by_day import entries_by_day
from survey.journal.event_texts import item_title, verb_label
from survey.journal.listed_events import EventState, RoundJournal, journal_of, page_state, read_page
from survey.journal.province_journal import JournalFilter, describe_with, read_filter
from survey.models import Round

PER_PAGE = 15


def get_round_of_request(request: SignedInRequest, code: str) -> tuple[Province, Round | None, list[int]]:
    """The province, the round of `?year=` (else the newest, if any), and the years of its rounds."""
    province = get_province(request.user, code, Capability.JOURNAL_READ)
    rounds = {round_.year: round_ for round_ in _ROUNDS.all(province.pk)}
    requested = request.GET.get("year", "")
    is_year = requested.isdecimal() and len(requested) < 6 and int(requested) in rounds
    round_ = rounds[int(requested)] if is_year else next(iter(rounds.values()), None)
    if round_:
        round_.province = province
    return province, round_, list(rounds)


_ROUNDS: PreparedSelect[Round] = PreparedSelect(
    lambda province: (
        Round.objects.select_related("instrument")
        .defer("instrument__source")
        .filter(province=province)
        .order_by("-year")
    )
)


@require_safe
@allow(Capability.JOURNAL_READ)
def journal(request: SignedInRequest, code: str) -> HttpResponse:
    """The events of a province's round, filtered, newest first."""
    province, round_, years = get_round_of_request(request, code)
    context: dict[str, Any] = {"province": province, "round": round_, "years": years}
    if round_ is not None:
        criteria = read_filter(request.GET)
        listed = journal_of(round_)
        page = paginate(request, listed.events(criteria), PER_PAGE)
        context |= {
            "criteria": criteria,
            "asked": criteria.params(),
            "answer": listed.provincial_response,
            "page": page,
            "log": _log(round_, list(page)),
            "choices": _choices(round_, listed, years, criteria, page.paginator.count),
            "query": urlencode({k: v for k, v in request.GET.items() if k != "page" and v}),
        }
    return render(request, "survey/journal/province.html", context)


def _log(round_: Round, listed: Sequence[EventState]) -> LazyValues:
    """The events of a page by day."""
    page, form, state = read_page(listed), round_.instrument, page_state(listed)

    def make() -> dict[str, Any]:
        return {"days": entries_by_day(describe_with(round_, page.events, page.values, reader_language()))}

    return LazyValues(state if state is None else (state, form.pk, form.checksum), make)


def _choices(round_: Round, listed: RoundJournal, years: list[int], criteria: JournalFilter, total: int) -> LazyValues:
    """What the form of the filter offers and holds, and how many events there are."""
    authors = listed.authors()
    verbs, kind, form = listed.verbs(), round_.province.kind, round_.instrument

    def make() -> dict[str, Any]:
        return {
            "criteria": criteria,
            "groups": _question_choices(round_),
            "people": [(pk, f"{first} {last}".strip() or email) for pk, first, last, email in authors],
            "verbs": sorted(((v, verb_label(v, kind)) for v in verbs), key=lambda pair: pair[1]),
            "years": years,
            "shown_year": round_.year,
            "total": total,
        }

    shown = (tuple(authors), tuple(verbs), tuple(years), criteria, total)
    return LazyValues((round_.year, kind, form.pk, form.checksum, *shown), make)


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
