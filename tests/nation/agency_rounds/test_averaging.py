"""Rules of averaging: silence is no zero, weights are data, every mean tells of how many it is."""

from decimal import Decimal

import pytest

from dgready.localized_text import LocalizedText
from nation.agency_rounds.averaging import (
    AgencyAnswer,
    AgencyStanding,
    Mean,
    average_agencies,
    average_provinces,
    find_band,
)
from nation.agency_rounds.blocks import (
    Averaged,
    count_channels,
    count_kinds,
    count_provinces,
    count_rates,
    score_blocks,
)
from nation.agency_rounds.texts import CHANNELS
from nation.national.charts import block_chart
from survey.models.response import Channel
from tests.nation.agency_rounds.test_proof import CODES, FORM, SCHEME

LIMITS = tuple(map(Decimal, ("48.3", "53.3", "58.3")))


def agency(score: int | None, *, without: str = "", standing: AgencyStanding = AgencyStanding.ANSWERED) -> AgencyAnswer:
    components = {} if score is None else {c: Decimal(score) for c in CODES if not without or not c.startswith(without)}
    return AgencyAnswer("TH-10", "PO", "x", "provincial-office", standing, "online", components)


def test_a_silent_agency_is_no_zero() -> None:
    silent = agency(None, standing=AgencyStanding.OPEN)
    found = average_agencies(SCHEME, [agency(80), agency(40), silent, silent])
    assert found.total == Mean(Decimal(60), 2)
    assert set(found.components.values()) == {Mean(Decimal(60), 2)}


def test_what_is_not_handed_in_does_not_count_however_much_is_filled() -> None:
    assert average_agencies(SCHEME, [agency(80, standing=AgencyStanding.OPEN)]).total is None


def test_a_component_left_out_is_averaged_over_those_that_answered_it() -> None:
    found = average_agencies(SCHEME, [agency(80), agency(40, without="5")])
    assert found.components["5.1"] == Mean(Decimal(80), 1)
    assert found.dimensions["5"] == Mean(Decimal(80), 1)
    assert found.dimensions["1"] == Mean(Decimal(60), 2)
    # 85 of the weight at 60, 15 at 80
    assert found.total == Mean(Decimal(63), 2)


def test_a_province_of_few_answers_weighs_as_much_as_any_other() -> None:
    one, many = average_agencies(SCHEME, [agency(20)]), average_agencies(SCHEME, [agency(60)] * 7)
    nobody = average_agencies(SCHEME, [])
    found = average_provinces([one, many, nobody])
    assert found.total == Mean(Decimal(40), 2)
    assert found.dimensions["1"] == Mean(Decimal(40), 2)


@pytest.mark.parametrize(
    ("score", "band"), [("48.29", 0), ("48.3", 1), ("53.29", 1), ("53.3", 2), ("58.3", 2), ("58.31", 3), ("0", 0)]
)
def test_limits_of_bands_are_less_than_and_more_than(score: str, band: int) -> None:
    assert find_band(LIMITS, Decimal(score)) == band


def test_nothing_answered_is_said_and_drawn_as_nothing() -> None:
    silent = [agency(None, standing=AgencyStanding.OPEN)]
    for block in (count_rates([]), count_channels(silent), count_kinds([], ()), count_provinces([])):
        assert block.sentence
    averages = average_agencies(SCHEME, [agency(50, without="3")])
    blocks = {b.key: b for b in score_blocks(FORM, Averaged(averages, 1, 1, of_provinces=False))}
    assert {row.value for row in blocks["scores.3"].rows} == {None}
    assert block_chart(blocks["scores.3"], "th", compare=False, before=LocalizedText("x")) is None
    dimensions = block_chart(blocks["scores.dimensions"], "th", compare=False, before=LocalizedText("x"))
    assert dimensions is not None
    assert len(dimensions.bars) == 5, "four dimensions and the total"


def test_every_channel_of_a_response_has_its_words() -> None:
    assert set(CHANNELS) == set(Channel.values)
