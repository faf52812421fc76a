"""Blocks of maturity levels: of the total, of pillars and of sub-pillars, with their sentences. PURE."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts.sentences import join
from nation.facts.tally import Tally, share
from nation.facts.types import NO_TEXT, BlockKind, ChartShape, FactBlock, FactRow

HIGH_FROM: Final = 3  # the national report praises the share at this level and above
LOWEST: Final = 1  # and worries about the share at this one
LOW_UP_TO: Final = 2  # or, where nobody is at the lowest, at this one and below
TOTAL: Final = "total"
TITLE: Final = LocalizedText("ระดับความพร้อมโดยรวม", "Overall maturity level")
PILLARS_TITLE: Final = LocalizedText("ระดับของตัวชี้วัด", "Levels of the pillars")
HIGH_TITLE: Final = LocalizedText("จังหวัดที่ถึงระดับ {level} ขึ้นไป", "Provinces at level {level} or higher").filled(
    level=HIGH_FROM
)
LOW_TITLE: Final = LocalizedText("จังหวัดที่อยู่ระดับ {level} ลงมา", "Provinces at level {level} or lower").filled(
    level=LOW_UP_TO
)
_MODE: Final = LocalizedText("{name}: อยู่{level}มากที่สุด ร้อยละ {percent}", "{name}: most often at {level} ({percent} %)")
_STRONGEST: Final = LocalizedText(
    "เด่นที่สุดคือ {name} ถึงระดับ {from_} ขึ้นไปร้อยละ {percent}",
    "Strongest is {name}: {percent} % at level {from_} or higher",
)
_WEAKEST: Final = LocalizedText(
    "ต้องเร่งพัฒนาคือ {name} อยู่ระดับ {up_to} ร้อยละ {percent}", "weakest is {name}: {percent} % at level {up_to}"
)


@dataclass(frozen=True, slots=True)
class Levelled:
    """What has levels: its code ("total", "1", "1.1") and name."""

    code: str
    name: LocalizedText


class LevelCounter:
    """Counts levels by code; `names`: the levels there are, lowest first."""

    def __init__(self, tally: Tally, names: Mapping[int, LocalizedText]) -> None:
        self.tally = tally
        self.names = dict(sorted(names.items()))
        self.note = _source_note(tally)

    def blocks_in_front(self) -> Iterator[FactBlock]:
        """The total, the pillars as stacked bars, and who is high and low at each pillar and sub-pillar."""
        yield self.block(Levelled(TOTAL, TITLE), "")
        pillars = [Levelled(p.number, p.name) for p in self.tally.instrument.pillars if p.scored]
        yield self.stacked("levels.pillars", "", PILLARS_TITLE, pillars)
        everything = [one for pillar in pillars for one in (pillar, *self.sub_pillars(pillar.code))]
        yield self.shares("levels.high", HIGH_TITLE, everything, lambda level: level >= HIGH_FROM)
        yield self.shares("levels.low", LOW_TITLE, everything, lambda level: level <= LOW_UP_TO)

    def blocks_of_pillar(self, number: str, name: LocalizedText) -> Iterator[FactBlock]:
        """The pillar with its three-part sentence, its sub-pillars as stacked bars, and each of them."""
        subs, pillar = self.sub_pillars(number), Levelled(number, name)
        sentence = join(self.say_mode(pillar), self.say_extremes(subs))
        yield self.block(pillar, number, sentence)
        yield self.stacked(f"levels.{number}.parts", number, name, subs)
        for sub in subs:
            yield self.block(sub, number)

    def sub_pillars(self, number: str) -> list[Levelled]:
        """The sub-pillars of a pillar that have levels."""
        pillar = next(p for p in self.tally.instrument.pillars if p.number == number)
        return [Levelled(s.code, _coded(s.code, s.name)) for s in pillar.sub_pillars if self.tally.levels(s.code)]

    def block(self, of: Levelled, section: str, sentence: LocalizedText | None = None) -> FactBlock:
        """The distribution of one thing's levels. n: all provinces whose level is known."""
        levels = self.tally.levels(of.code)
        said = self.say_mode(of) if sentence is None else sentence
        return self._block(f"levels.{of.code}", section, of.name, len(levels), self.rows(of.code, ""), said)

    def stacked(self, key: str, section: str, title: LocalizedText, of: Sequence[Levelled]) -> FactBlock:
        """Several distributions as stacked bars."""
        rows = [
            FactRow(one.code, one.name, len(levels), None, len(levels), parts=self.rows(one.code, f"{one.code}:"))
            for one in of
            if (levels := self.tally.levels(one.code))
        ]
        n = max((row.base or 0 for row in rows), default=0)
        return self._block(key, section, title, n, tuple(rows), self.say_extremes(of))

    def shares(self, key: str, title: LocalizedText, of: Sequence[Levelled], fits: Callable[[int], bool]) -> FactBlock:
        """The share of provinces whose level fits, of each thing."""
        rows = []
        for one in of:
            levels = self.tally.levels(one.code)
            found = [code for code, level in levels.items() if fits(level)]
            if levels:
                rows.append(self.tally.row(one.code, one.name, found, len(levels), tell_base=True))
        n = max((row.base or 0 for row in rows), default=0)
        return self._block(key, "", title, n, tuple(rows), NO_TEXT, ChartShape.BARS)

    def rows(self, code: str, prefix: str) -> tuple[FactRow, ...]:
        """A row per level."""
        levels = self.tally.levels(code)
        return tuple(
            self.tally.row(f"{prefix}{level}", name, [c for c, found in levels.items() if found == level], len(levels))
            for level, name in self.names.items()
        )

    def _block(
        self,
        key: str,
        section: str,
        title: LocalizedText,
        n: int,
        rows: tuple[FactRow, ...],
        sentence: LocalizedText,
        shape: ChartShape = ChartShape.STACKED,
    ) -> FactBlock:
        asked = self.tally.provinces
        return FactBlock(key, BlockKind.LEVELS, section, title, asked, n, n, rows, sentence, shape, self.note)

    def say_mode(self, of: Levelled) -> LocalizedText:
        """The most frequent level."""
        top = max(self.rows(of.code, ""), key=lambda row: row.count or 0, default=None)
        if top is None or not top.count:
            return NO_TEXT
        return _MODE.filled(name=of.name, level=top.label, percent=top.percent)

    def say_extremes(self, of: Sequence[Levelled]) -> LocalizedText:
        """Strongest: highest share at level 3 or more. Weakest: highest share at level 1, else at levels 1 and 2."""
        known = [one for one in of if self.tally.levels(one.code)]
        if len(known) < 2:
            return NO_TEXT
        strongest = max(known, key=lambda one: self.share_of(one, HIGH_FROM, max(self.names)))
        weakest = max(known, key=lambda one: weakness(self, one.code))
        top = LOWEST if self.share_of(weakest, LOWEST, LOWEST) else LOW_UP_TO
        up_to = str(LOWEST) if top == LOWEST else f"{LOWEST}–{LOW_UP_TO}"
        return join(
            _STRONGEST.filled(
                name=strongest.name, from_=HIGH_FROM, percent=self.share_of(strongest, HIGH_FROM, max(self.names))
            ),
            _WEAKEST.filled(name=weakest.name, up_to=up_to, percent=self.share_of(weakest, LOWEST, top)),
        )

    def share_of(self, of: Levelled, low: int, high: int) -> Decimal:
        """The share of provinces whose level lies between two."""
        levels = self.tally.levels(of.code)
        return share(sum(low <= level <= high for level in levels.values()), len(levels)) or Decimal(0)


def weakness(counter: LevelCounter, code: str) -> tuple[Decimal, Decimal]:
    """How weak something is: by its share at the lowest level, then at the two lowest."""
    of = Levelled(code, NO_TEXT)
    return counter.share_of(of, LOWEST, LOWEST), counter.share_of(of, LOWEST, LOW_UP_TO)


def _coded(code: str, name: LocalizedText) -> LocalizedText:
    return LocalizedText(f"{code} {name.th}", f"{code} {name.to('en')}")


def _source_note(tally: Tally) -> LocalizedText:
    """Whose levels are published ones and whose are estimates."""
    official, all_ = len(tally.official), tally.provinces
    if official == all_:
        return LocalizedText("ระดับตามผลที่ประกาศ", "Levels as published.")
    if not official:
        return LocalizedText(
            "ระดับโดยประมาณจากคำตอบ ยังไม่ใช่ผลที่ประกาศ", "Levels estimated from the answers, not published ones."
        )
    return LocalizedText(
        f"ระดับตามผลที่ประกาศ {official} จังหวัด นอกนั้นประมาณจากคำตอบ",
        f"Levels as published for {official} provinces, estimated for the others.",
    )
