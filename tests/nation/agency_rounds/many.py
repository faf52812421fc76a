"""Rounds that each agency answers in many provinces, written in bulk with kept scores: for pages about all of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import Agency, Province
from nation.agency_rounds.counting import basis_of
from nation.models import AgencyFigures
from survey.assigning.queries import target_columns
from survey.assigning.whole_form import whole_form_targets
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Response, Round
from tests.nation.agency_rounds.nation_2559 import ANSWERED_BY_KIND, channels, scores, silent_kinds
from tests.nation.agency_rounds.world import CODES, FORM_FILE, round_dates
from tests.trial import publish

KINDS = (
    "provincial-office",
    "social-security",
    "business-development",
    "industry",
    "agriculture",
    "revenue",
    "tourism",
)


def make_agency_nation(count: int) -> None:
    """So many new provinces of the made-up nation of 2559, with the seven asked agencies in each."""
    first = Province.objects.count()
    fill_agency_nation(
        Province.objects.bulk_create(
            Province(
                code=f"TX-{first + n}", name_th=f"จังหวัดที่ {first + n}", name_en=f"Province {first + n}", region="north"
            )
            for n in range(count)
        )
    )


def fill_agency_nation(provinces: Sequence[Province]) -> None:
    """The made-up nation in these provinces, at most 76."""
    form, now = publish(FORM_FILE), timezone.now()
    compiled = compiled_instrument(form)
    rounds = Round.objects.bulk_create(
        Round(province=one, instrument=form, year=form.year, **round_dates(form)) for one in provinces
    )
    Response.objects.bulk_create(Response(round=one, version=1) for one in rounds)
    agencies = Agency.objects.bulk_create(
        Agency(
            province=one, code=code, name_th=f"สำนักงาน {code} {one.name_th}", name_en=f"{code} office of {one.name_en}"
        )
        for one in provinces
        for code in CODES
    )
    silent, ways = silent_kinds(), channels()
    parts, responses, given = [], [], []
    for place, agency in enumerate(agencies):
        number, kind = divmod(place, len(CODES))
        answered = KINDS[kind] not in silent[number]
        state = Assignment.State.SUBMITTED if answered else Assignment.State.OPEN
        for target in whole_form_targets(compiled):
            columns = target_columns(form, target)
            parts.append(Assignment(round=rounds[number], agency=agency, state=state, **columns))
        if answered:
            place_of_kind = list(ANSWERED_BY_KIND).index(KINDS[kind])
            given.append(scores(number, place_of_kind, list(compiled.sub_pillars)))
            responses.append(Response(round=rounds[number], agency=agency, version=1, channel=next(ways)))
    Assignment.objects.bulk_create(parts)
    basis = basis_of(rounds[0])
    AgencyFigures.objects.bulk_create(
        AgencyFigures(
            response=response,
            version=1,
            basis=basis,
            counted_at=now,
            components={code: str(score) for code, score in one.items()},
        )
        for response, one in zip(Response.objects.bulk_create(responses), given, strict=True)
    )
