"""The made-up nation of 2559 gives every printed rate back; averages and histogram are those of its own values."""

from decimal import Decimal

from nation.agency_rounds.averaging import (
    AgencyAnswer,
    AgencyStanding,
    average_agencies,
    average_provinces,
    group_by_province,
)
from nation.agency_rounds.blocks import (
    Averaged,
    count_bands,
    count_channels,
    count_kinds,
    count_provinces,
    count_rates,
    score_blocks,
)
from nation.facts.types import FactBlock
from scoring.scheme.registry import get_scheme_for_instrument
from tests.nation.agency_rounds.nation_2559 import ANSWERED_BY_KIND, channels, scores, silent_kinds
from tests.trial import ROOT, form

FORM = form(ROOT / "fixtures/instruments/eg-components-2559.yaml")
SCHEME = get_scheme_for_instrument(FORM).scheme
CODES = list(SCHEME.sub_pillars)


def nation() -> list[AgencyAnswer]:
    """All asked agencies."""
    found, ways = [], channels()
    for province, silent in enumerate(silent_kinds()):
        for place, kind in enumerate(ANSWERED_BY_KIND):
            name = f"{province}/{kind}"
            if kind in silent:
                found.append(AgencyAnswer(str(province), kind, name, kind, AgencyStanding.OPEN))
                continue
            given = scores(province, place, CODES)
            found.append(AgencyAnswer(str(province), kind, name, kind, AgencyStanding.ANSWERED, next(ways), given))
    return found


def told(block: FactBlock) -> dict[str, tuple[int | None, int | None]]:
    """Count and whole per cent of each row, as they were printed."""
    return {row.key: (row.count, None if row.percent is None else round(row.percent)) for row in block.rows}


def test_every_printed_rate_comes_back() -> None:
    answers = nation()
    assert told(count_rates(answers)) == {"answered": (466, 88), "open": (66, 12)}
    kinds = count_kinds(answers, FORM.answering.kinds)
    assert {row.key: row.count for row in kinds.rows} == ANSWERED_BY_KIND
    assert {row.base for row in kinds.rows} == {76}
    assert {key: percent for key, (_n, percent) in told(count_channels(answers)).items()} == {
        "paper": 70,
        "online": 17,
        "workbook": 13,
    }
    by_number = told(count_provinces(answers))
    assert {key: by_number[key][1] for key in "76543"} == {"7": 57, "6": 18, "5": 13, "4": 5, "3": 7}
    assert by_number["2"][0] == by_number["1"][0] == by_number["0"][0] == 0


def test_the_histogram_is_that_of_its_own_values() -> None:
    """Counted here from the plain numbers, by another way than the product's."""
    provinces: dict[str, dict[str, list[Decimal]]] = {}
    for one in nation():
        for code, value in one.components.items():
            provinces.setdefault(one.province, {}).setdefault(code, []).append(value)
    weights = {"1": 30, "2": 20, "3": 20, "4": 15, "5": 15}
    totals = []
    for given in provinces.values():
        means = {code: sum(values) / len(values) for code, values in given.items()}
        total = Decimal(0)
        for number, weight in weights.items():
            own = [mean for code, mean in means.items() if code.startswith(f"{number}.")]
            total += sum(own) / len(own) * weight / 100
        totals.append(total)
    want = [
        sum(t < Decimal("48.3") for t in totals),
        sum(Decimal("48.3") <= t < Decimal("53.3") for t in totals),
        sum(Decimal("53.3") <= t <= Decimal("58.3") for t in totals),
        sum(t > Decimal("58.3") for t in totals),
    ]
    assert all(want), "each band has provinces, else this proves little"
    averages = {code: average_agencies(SCHEME, some) for code, some in group_by_province(nation()).items()}
    assert SCHEME.score_bands is not None
    block = count_bands(SCHEME.score_bands, averages)
    assert [row.count for row in block.rows] == want
    assert block.n == 76
    whole = Averaged(average_provinces(averages.values()), 76, 76, of_provinces=True)
    dimensions = next(score_blocks(FORM, whole))
    total = next(row for row in dimensions.rows if row.key == "total")
    assert abs((total.value or 0) - sum(totals) / 76) < Decimal("0.01")  # 3.x weigh 6.67, 6.67, 6.66
    assert total.base == 76
