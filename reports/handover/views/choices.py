"""What may be handed over of a response, for the form on its pages."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from dgready.same_objects import SameObjects
from dgready.shorten import shorten
from evidence.models import Attachment
from reports.access import may_access_report
from reports.models import ReportKind
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Response

KINDS = (ReportKind.BINDER, ReportKind.BUNDLE, ReportKind.INDEX, ReportKind.INDEX_SHEET)


@dataclass(frozen=True, slots=True)
class PartChoice:
    """A part that may be chosen: what the form sends, and its name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class HandoverChoices:
    """The forms and parts to choose from, and the agencies whose own evidence can be had."""

    kinds: tuple[ReportKind, ...]
    pillars: tuple[PartChoice, ...]
    questions: tuple[PartChoice, ...]
    agencies: tuple[Response, ...]

    @property
    def state(self) -> Hashable:
        """All that the form shows of them."""
        return self.kinds, self.pillars, self.questions, tuple((each.pk, str(each.agency)) for each in self.agencies)


def handover_choices(user: User, response: Response) -> HandoverChoices | None:
    """The choices of a person; None where nothing may be had. Two queries."""
    if not may_access_report(user, response, ReportKind.BINDER):
        return None
    instrument = compiled_instrument(response.round.instrument)
    ids = frozenset(item for (item,) in _PROVEN_QUESTIONS.all(response.pk))
    key = (SameObjects(instrument), ids, reader_language())
    pillars, questions = _kept_parts.get(key, lambda: _parts(instrument, ids))
    return HandoverChoices(KINDS, pillars, questions, _agencies(user, response))


_Parts = tuple[PartChoice, ...]
_kept_parts: LruCache[tuple[_Parts, _Parts]] = LruCache(128)
_PROVEN_QUESTIONS: PreparedSelect[tuple[str]] = PreparedSelect(
    lambda response: (
        Attachment.objects.filter(response=response, removed_at=None)
        .order_by()
        .values_list("question__item_id")
        .distinct()
    )
)


def _parts(instrument: CompiledInstrument, ids: Collection[str]) -> tuple[_Parts, _Parts]:
    """The pillars and the questions that have evidence, in the order of the form."""
    language = reader_language()
    items = sorted((instrument.items[each] for each in ids if each in instrument.items), key=lambda item: item.order)
    used = {item.pillar for item in items}
    questions = (
        PartChoice(f"question:{item.id}", shorten(f"{item.code or ''} {item.ask.to(language)}".strip(), 90))
        for item in items
    )
    pillars = (
        PartChoice(f"pillar:{each.number}", f"{each.number} {each.name.to(language)}")
        for each in instrument.pillars
        if each.number in used
    )
    return tuple(pillars), tuple(questions)


def _agencies(user: User, response: Response) -> tuple[Response, ...]:
    """The contributions to the answer of a province that have evidence of their own."""
    if not response.is_provincial:
        return ()
    rows = _PROVEN_CONTRIBUTIONS.all(response.round_id)
    return tuple(each for each in rows if may_access_report(user, each, ReportKind.BINDER))


def _proven_contributions(round_: Any) -> QuerySet[Response]:
    # Asked by EXISTS: a join would make a row of each file, and sorting them took half a minute where there were 2,000.
    own = Attachment.objects.filter(response=OuterRef("pk"), removed_at=None)
    found = Response.objects.filter(Exists(own), round=round_, agency__isnull=False)
    return found.select_related("agency", "round__province").defer("open_points").order_by("agency__sort_key")


_PROVEN_CONTRIBUTIONS: PreparedSelect[Response] = PreparedSelect(_proven_contributions)
