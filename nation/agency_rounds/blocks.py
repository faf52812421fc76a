"""Blocks of a year that each agency answers: response rates, averages, histogram, the same in every output. PURE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from dgready.localized_text import LocalizedText
from nation.agency_rounds.averaging import (
    TOTAL,
    AgencyAnswer,
    AgencyStanding,
    Averages,
    Mean,
    find_band,
    group_by_province,
)
from nation.agency_rounds.texts import (
    AVERAGED_AGENCIES,
    AVERAGED_PROVINCES,
    BAND_ABOVE,
    BAND_BELOW,
    BAND_BETWEEN,
    BANDS_TITLE,
    CHANNELS,
    CHANNELS_TITLE,
    COMPONENTS_TITLE,
    DIMENSIONS_TITLE,
    KINDS_TITLE,
    MOST_BAND,
    MOST_CHANNEL,
    MOST_NUMBER,
    NO_ANSWER,
    NUMBER_OF_AGENCIES,
    NUMBERS_TITLE,
    OTHER_KIND,
    RATE,
    RATES_TITLE,
    SCORES,
    SCORES_COMPONENTS,
    STANDINGS,
    TOO_FEW,
    TOTAL_LABEL,
    WORST_KIND,
)
from nation.facts.sentences import join
from nation.facts.tally import share
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from scoring.engine.levels import round_score
from scoring.scheme.types import ScoreBands
from survey.instrument.answering_mode import AgencyKindAsked
from survey.instrument.schema import CompiledInstrument


@dataclass(frozen=True, slots=True)
class Averaged:
    """Averages to be told: of how many they could be, and whether those are provinces or agencies.

    `least`: a mean of fewer than these is not told.
    """

    averages: Averages
    asked: int
    answered: int
    of_provinces: bool
    least: int = 1

    @property
    def n(self) -> int:
        """How many the total is of."""
        return self.averages.total.n if self.averages.total else 0

    @property
    def note(self) -> LocalizedText:
        """What a mean is of."""
        return AVERAGED_PROVINCES if self.of_provinces else AVERAGED_AGENCIES


def count_rates(answers: Sequence[AgencyAnswer]) -> FactBlock:
    """How many of the asked agencies answered."""
    counts = Counter(one.standing for one in answers)
    rows = [
        FactRow(standing.value, STANDINGS[standing], counts[standing], share(counts[standing], len(answers)))
        for standing in AgencyStanding
        if counts[standing] or standing is not AgencyStanding.DECLINED
    ]
    said = RATE.filled(answered=rows[0].count, asked=len(answers), percent=rows[0].percent) if answers else NO_ANSWER
    return _rates("rates", RATES_TITLE, answers, rows, said)


def count_kinds(answers: Sequence[AgencyAnswer], kinds: Sequence[AgencyKindAsked]) -> FactBlock:
    """Of each kind of agency how many answered, of those asked; in the order of the year's data."""
    asked, answered = Counter(one.kind for one in answers), Counter(one.kind for one in answers if one.has_answered)
    names = {kind.key: kind.name for kind in kinds} | {"": OTHER_KIND}
    rows = [
        FactRow(key or "other", name, answered[key], share(answered[key], asked[key]), asked[key])
        for key, name in names.items()
        if asked[key]
    ]
    worst = min(rows, key=lambda row: row.percent or 0, default=None)
    said = NO_ANSWER
    if worst is not None:
        said = WORST_KIND.filled(label=worst.label, count=worst.count, base=worst.base, percent=worst.percent)
    return _rates("rates.kinds", KINDS_TITLE, answers, rows, said, ChartShape.BARS)


def count_channels(answers: Sequence[AgencyAnswer]) -> FactBlock:
    """By which way answers came, of those that answered."""
    counts = Counter(one.channel for one in answers if one.has_answered)
    n = counts.total()
    rows = [FactRow(key, label, counts[key], share(counts[key], n)) for key, label in CHANNELS.items()]
    top = max(rows, key=lambda row: row.count or 0)
    said = MOST_CHANNEL.filled(label=top.label, count=top.count, n=n, percent=top.percent) if n else NO_ANSWER
    return _rates("rates.channels", CHANNELS_TITLE, answers, rows, said, n=n)


def count_provinces(answers: Sequence[AgencyAnswer]) -> FactBlock:
    """How many provinces have so many agencies answering; from as many as are asked anywhere down to none."""
    provinces = group_by_province(answers)
    numbers = {code: sum(one.has_answered for one in some) for code, some in provinces.items()}
    most = max(map(len, provinces.values()), default=0)
    rows = []
    for number in range(most, -1, -1):
        codes = tuple(code for code, found in numbers.items() if found == number)
        label = NUMBER_OF_AGENCIES.filled(number=number)
        rows.append(FactRow(str(number), label, len(codes), share(len(codes), len(provinces)), provinces=codes))
    top = max(rows, key=lambda row: row.count or 0)
    said = NO_ANSWER
    if provinces:
        said = MOST_NUMBER.filled(number=top.key, count=top.count, n=len(provinces), percent=top.percent)
    answered = sum(number > 0 for number in numbers.values())
    kind, n = BlockKind.RATES, len(provinces)
    return FactBlock("rates.provinces", kind, "", NUMBERS_TITLE, n, answered, n, tuple(rows), said, ChartShape.BARS)


def score_blocks(form: CompiledInstrument, told: Averaged) -> Iterator[FactBlock]:
    """The averages of the dimensions with the total, then of the components of each dimension."""
    averages = told.averages
    dimensions = {pillar.number: pillar.name for pillar in form.pillars if pillar.scored}
    rows = [
        _mean_row(number, _coded(number, name), averages.dimensions, told.least) for number, name in dimensions.items()
    ]
    if averages.total is not None:
        rows.append(_mean_row(TOTAL, TOTAL_LABEL, {TOTAL: averages.total}, told.least))
    yield _scores("scores.dimensions", "", DIMENSIONS_TITLE, told, rows, _say_dimensions(rows))
    for pillar in (pillar for pillar in form.pillars if pillar.scored):
        subs = [sub for sub in pillar.sub_pillars if sub.parent is None]
        rows = [_mean_row(sub.code, _coded(sub.code, sub.name), averages.components, told.least) for sub in subs]
        title = COMPONENTS_TITLE.filled(name=_coded(pillar.number, pillar.name))
        yield _scores(f"scores.{pillar.number}", pillar.number, title, told, rows, _say_components(rows))


def count_bands(bands: ScoreBands, provinces: Mapping[str, Averages]) -> FactBlock:
    """The histogram: how many provinces have their total in each band."""
    found: dict[int, list[str]] = {}
    for code, one in provinces.items():
        if one.total is not None:
            found.setdefault(find_band(bands.limits, one.total.value), []).append(code)
    n = sum(map(len, found.values()))
    rows = []
    for place, label in enumerate(_band_labels(bands.limits)):
        codes = tuple(found.get(place, ()))
        rows.append(FactRow(f"band-{place + 1}", label, len(codes), share(len(codes), n), provinces=codes))
    top = max(rows, key=lambda row: row.count or 0)
    said = MOST_BAND.filled(label=top.label, count=top.count, n=n, percent=top.percent) if n else NO_ANSWER
    return FactBlock(
        "bands",
        BlockKind.BANDS,
        "",
        BANDS_TITLE,
        len(provinces),
        n,
        n,
        tuple(rows),
        said,
        ChartShape.BARS,
        bands.source,
    )


def _band_labels(limits: Sequence[Decimal]) -> Iterator[LocalizedText]:
    yield BAND_BELOW.filled(limit=limits[0])
    for low, high in pairwise(limits):
        yield BAND_BETWEEN.filled(low=low, high=high)
    yield BAND_ABOVE.filled(limit=limits[-1])


def _rates(
    key: str,
    title: LocalizedText,
    answers: Sequence[AgencyAnswer],
    rows: Sequence[FactRow],
    said: LocalizedText,
    shape: ChartShape = ChartShape.DONUT,
    n: int | None = None,
) -> FactBlock:
    asked, answered = len(answers), sum(one.has_answered for one in answers)
    n = asked if n is None else n
    return FactBlock(key, BlockKind.RATES, "", title, asked, answered, n, tuple(rows), said, shape)


def _scores(
    key: str, section: str, title: LocalizedText, told: Averaged, rows: Sequence[FactRow], said: LocalizedText
) -> FactBlock:
    kind, shape = BlockKind.SCORES, ChartShape.BARS
    return FactBlock(
        key, kind, section, title, told.asked, told.answered, told.n, tuple(rows), said, shape, note=told.note
    )


def _mean_row(key: str, label: LocalizedText, means: Mapping[str, Mean], least: int) -> FactRow:
    """A mean as a row; of what nobody answered, a row without a figure; of too few, one that is not told."""
    mean = means.get(key)
    if mean is None:
        return FactRow(key, label, base=0)
    if mean.n < least:
        return FactRow(key, label, hidden=True)
    return FactRow(key, label, base=mean.n, value=round_score(mean.value))


def _coded(code: str, name: LocalizedText) -> LocalizedText:
    return LocalizedText(f"{code} {name.th}", f"{code} {name.to('en')}")


def _say_dimensions(rows: Sequence[FactRow]) -> LocalizedText:
    """The total, the strongest and the weakest dimension."""
    total = next((row for row in rows if row.key == TOTAL), None)
    if total is None:
        return NO_ANSWER
    if total.value is None:
        return TOO_FEW
    return join(SCORES.filled(total=total.value), _say_components([row for row in rows if row.key != TOTAL]))


def _say_components(rows: Sequence[FactRow]) -> LocalizedText:
    known = sorted((row for row in rows if row.value is not None), key=lambda row: row.value or 0)
    if not known:
        return NO_ANSWER
    low, high = known[0], known[-1]
    return SCORES_COMPONENTS.filled(high=high.label, high_score=high.value, low=low.label, low_score=low.value)
