"""What a merge would do to the score, before it is saved: the engine on scratch values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dgready.language import reader_language
from scoring.engine.levels import cents
from scoring.engine.score import Facts, score
from scoring.engine.sheet import ScoreSheet, SubScore
from scoring.models import ExternalScore
from scoring.scheme import registry
from scoring.scheme.queries import scheme_of
from survey.consolidating.queries import Book, Values


@dataclass(frozen=True, slots=True)
class Shift:
    """A score before and after."""

    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> str:
        """The difference with its sign, "" where there is none."""
        if self.before is None or self.after is None or cents(self.before) == cents(self.after):
            return ""
        return f"{cents(self.after) - cents(self.before):+.2f}".replace("-", "−")

    @property
    def is_up(self) -> bool:
        """Whether it rises."""
        return self.change.startswith("+")


@dataclass(frozen=True, slots=True)
class Effect:
    """The total and the sub-pillars that move (and the question's own) before and after, and what is estimated."""

    total: Shift
    subs: tuple[Shift, ...]
    estimated: bool
    unknown: tuple[str, ...]


def of(
    book: Book, answers: Mapping[str, Values], marked: frozenset[str], adopted: Collection[str], own: str = ""
) -> Effect | None:
    """The effect of other values for some questions, with evidence adopted at some places.

    `own`: the sub-pillar to show in any case. One query. None when there is no scheme.
    """
    try:
        scheme = scheme_of(book.response.round).scheme
    except registry.MissingScheme:
        return None
    given = ExternalScore.objects.filter(response=book.response).values_list("sub_pillar", "score")
    externals = dict(given)
    before = score(book.instrument, scheme, Facts(book.path, marked, externals))
    after = score(book.instrument, scheme, Facts(book.with_values(answers), marked | set(adopted), externals))
    return Effect(
        Shift("", before.total, after.total), tuple(_subs(book, before, after, own)), after.estimated, after.unknown
    )


def _subs(book: Book, before: ScoreSheet, after: ScoreSheet, own: str) -> list[Shift]:
    language = reader_language()
    out = []
    for old, new in zip(_walk(before.sub_pillars), _walk(after.sub_pillars), strict=True):
        shift = Shift(f"{new.code} {new.name.to(language)}", old.score, new.score)
        if shift.change or new.code == own:
            out.append(shift)
    return out


def _walk(subs: Collection[SubScore]) -> list[SubScore]:
    return [s for sub in subs for s in (sub, *sub.parts)]
