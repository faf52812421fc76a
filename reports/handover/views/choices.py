"""What may be handed over of a response, for the form on its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from dgready.language import reader_language
from dgready.shorten import shorten
from evidence.models import Attachment
from reports.access import may_access_report
from reports.models import ReportKind
from survey.instrument.queries import compiled_instrument
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


def handover_choices(user: User, response: Response) -> HandoverChoices | None:
    """The choices of a person; None where nothing may be had. Two queries."""
    if not may_access_report(user, response, ReportKind.BINDER):
        return None
    instrument, language = compiled_instrument(response.round.instrument), reader_language()
    rows = Attachment.objects.filter(response=response, removed_at=None).order_by()
    ids = set(rows.values_list("question__item_id", flat=True).distinct())
    items = sorted((instrument.items[each] for each in ids if each in instrument.items), key=lambda item: item.order)
    used = {item.pillar for item in items}
    questions = [
        PartChoice(f"question:{item.id}", shorten(f"{item.code or ''} {item.ask.to(language)}".strip(), 90))
        for item in items
    ]
    pillars = [
        PartChoice(f"pillar:{each.number}", f"{each.number} {each.name.to(language)}")
        for each in instrument.pillars
        if each.number in used
    ]
    return HandoverChoices(KINDS, tuple(pillars), tuple(questions), _agencies(user, response))


def _agencies(user: User, response: Response) -> tuple[Response, ...]:
    """The contributions to the answer of a province that have evidence of their own."""
    if not response.is_provincial:
        return ()
    # Asked by EXISTS: a join would make a row of each file, and sorting them took half a minute where there were 2,000.
    own = Attachment.objects.filter(response=OuterRef("pk"), removed_at=None)
    found = Response.objects.filter(Exists(own), round=response.round_id, agency__isnull=False)
    rows = found.select_related("agency", "round__province").defer("open_points").order_by("agency__sort_key")
    return tuple(each for each in rows if may_access_report(user, each, ReportKind.BINDER))
