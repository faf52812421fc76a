"""Matches the text of a paper form to an instrument: repaired wordings by place, with how sure each one is. PURE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from survey.instrument.official.alignment import align, likeness
from survey.instrument.official.paper import Segment, read_paper
from survey.instrument.official.places import OfficialPlace, PlaceKind, SoughtPlace, sought_places
from survey.instrument.official.repair import RepairedText, ThaiRepairer
from survey.instrument.official.vocabulary import Vocabulary, is_thai_letter, thai_runs
from survey.instrument.official.wordings import Wording, WordingReader
from survey.instrument.schema import CompiledInstrument

LEAST_MATCHED = 0.9  # of the places; a file that matches less is another form's
SURE = 0.5  # likeness from which a wording without a printed code is sure


class MatchState(StrEnum):
    """How a place was matched."""

    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class OfficialWording:
    """A repaired wording of a place; `doubts` are the stretches that no word explains."""

    place: OfficialPlace
    question: str
    text: str
    state: MatchState
    alike: float
    doubts: tuple[tuple[int, int], ...] = ()

    @property
    def doubtful_words(self) -> list[str]:
        """The stretches that no word explains, as they stand."""
        return [self.text[start:end] for start, end in self.doubts]


@dataclass(slots=True)
class OfficialMatch:
    """Result of a match: wordings, places that have none, and what of the paper belongs to no place."""

    wordings: list[OfficialWording] = field(default_factory=list)
    missing: list[SoughtPlace] = field(default_factory=list)
    foreign: list[Segment] = field(default_factory=list)
    words: int = 0
    mended: int = 0

    @property
    def doubtful_words(self) -> int:
        """The number of words of all wordings that stayed doubtful."""
        return sum(len(w.doubts) for w in self.wordings)

    def share(self, *kinds: PlaceKind) -> tuple[int, int]:
        """How many of the sought places of some kinds have a wording, and how many there are."""
        found = sum(w.place.kind in kinds for w in self.wordings)
        return found, found + sum(p.place.kind in kinds for p in self.missing)

    @property
    def is_enough(self) -> bool:
        """Whether the text is the form of this instrument: nine of ten places found, as many of them alike."""
        found, total = self.share("question", "option", "row", "column")
        sure = sum(w.state is MatchState.MATCHED for w in self.wordings)
        return total > 0 and found >= LEAST_MATCHED * total and sure >= LEAST_MATCHED * len(self.wordings)


def match_official_text(instrument: CompiledInstrument, text: str, dictionary: Iterable[str]) -> OfficialMatch:
    """Matches a paper form's text to the places of an instrument and repairs it by the form's words, then others."""
    places, segments = sought_places(instrument), read_paper(text)
    pairs = align(places, segments)
    sections = {item.id: item.section for item in instrument.items.values()}
    found = WordingReader(places, segments, pairs).read(
        sections, [s.title.th for s in instrument.sections if len(s.title.th) > 30]
    )
    repair = _repairer(instrument, segments, dictionary)
    coded = {places[p].place for p, span in pairs.items() if segments[span.start].code and places[p].code}
    sought = {p.place: p for p in places}
    result = OfficialMatch(missing=[p for p in places if p.place not in found.wordings], foreign=found.foreign)
    if len(result.missing) > (1 - LEAST_MATCHED) * len(places):
        repair = RepairedText  # another form: nothing of it will be attached
    for place, wording in found.wordings.items():
        repaired = repair(wording.text)
        result.words += repaired.words
        result.mended += repaired.mended
        result.wordings.append(
            _official_wording(place, sought.get(place) or sought.get(_noted(place)), wording, repaired, place in coded)
        )
    order = {p.place: n for n, p in enumerate(places)}
    result.wordings.sort(key=lambda w: order.get(w.place, order.get(_noted(w.place), len(order))))
    return result


def _repairer(
    instrument: CompiledInstrument, segments: Sequence[Segment], dictionary: Iterable[str]
) -> Callable[[str], RepairedText]:
    """The repair of one text, with the form's words learnt when it is first asked for."""

    @cache
    def repairer() -> ThaiRepairer:
        made = ThaiRepairer(Vocabulary(dictionary, _own_words(instrument)))
        made.learn([segment.text for segment in segments])
        return made

    return lambda text: repairer().repair(text)


def _noted(place: OfficialPlace) -> OfficialPlace:
    """The place that a note is about."""
    return OfficialPlace("row" if place.part else "question", place.owner, place.part)


def _official_wording(
    place: OfficialPlace, sought: SoughtPlace | None, wording: Wording, repaired: RepairedText, coded: bool
) -> OfficialWording:
    alike = (
        likeness(sought.label, repaired.text)
        if sought and sought.place == place and not wording.shared
        else wording.alike
    )
    sure = coded or max(alike, wording.alike) >= SURE
    state = MatchState.MATCHED if sure and not repaired.doubts else MatchState.DOUBTFUL
    question = sought.question if sought else place.owner
    text = "\n".join(line.strip() for line in repaired.text.splitlines())
    return OfficialWording(place, question, text, state, round(alike, 2), tuple(repaired.doubts))


def _own_words(instrument: CompiledInstrument) -> Iterator[str]:
    """The Thai words that our own wording sets off by spaces or signs: names and loan words no dictionary has."""
    texts = [p.label for p in sought_places(instrument)]
    texts += [i.help.th for i in instrument.items.values()]
    texts += [s.help.th for s in instrument.sections]
    seen: Counter[str] = Counter()
    for text in texts:
        for start, end in thai_runs(text):
            seen.update(text[start:end].split(" "))
    yield from (word for word in seen if 2 < len(word) <= 24 and all(map(is_thai_letter, word)))
