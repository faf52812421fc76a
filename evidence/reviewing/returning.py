"""Rejected evidence by agency, and the reasons with which its parts go back to be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.models import Verdict
from evidence.reviewing.parts import HANDED_IN
from evidence.reviewing.queue import QueueItem, ReviewQueue
from survey.assigning.part_notices import part_name
from survey.assigning.targets import AssignmentTarget
from survey.contributing.actions import PartsToMove
from survey.contributing.facts import MAX_REASON
from survey.models import Assignment, Round

NAMED: Final = 5  # pieces of evidence named on the page; the rest is counted


@dataclass(slots=True)
class RejectedOfAgency:
    """An agency's rejected evidence in parts that it cannot change now. `open`: what of it is not reviewed yet."""

    code: str
    name: str
    items: list[QueueItem] = field(default_factory=list)
    parts: dict[int, tuple[Assignment, list[QueueItem]]] = field(default_factory=dict)
    open: int = 0

    @property
    def named(self) -> list[QueueItem]:
        """A few of them."""
        return self.items[:NAMED]

    @property
    def unnamed(self) -> int:
        """How many others there are."""
        return max(len(self.items) - NAMED, 0)


def rejected_by_agency(queue: ReviewQueue) -> list[RejectedOfAgency]:
    """The agencies that have rejected evidence in parts handed in, in the order of the form; no query."""
    found: dict[int, RejectedOfAgency] = {}
    for item in queue.items:
        if item.agency_id is None or item.state != "rejected":
            continue
        parts = queue.parts.covering(item.agency_id, item.question, item.address)
        held = [part for part in parts if part.state in HANDED_IN]
        if not held:
            continue
        agency = found.setdefault(item.agency_id, RejectedOfAgency(item.agency, item.agency_name))
        agency.items.append(item)
        for part in held:
            agency.parts.setdefault(part.pk, (part, []))[1].append(item)
    for item in queue.items:
        if item.agency_id in found and item.is_open:
            found[item.agency_id].open += 1
    return list(found.values())


def parts_to_return(round_: Round, agency: RejectedOfAgency) -> PartsToMove:
    """The agency's parts with rejected evidence, each to go back with a list of it."""
    rows = {row.pk: row for row in Assignment.objects.filter(pk__in=agency.parts).select_related("agency", "question")}
    for row in rows.values():
        row.round = round_
    reasons = {pk: _reason(round_, items) for pk, (_part, items) in agency.parts.items() if pk in rows}
    return PartsToMove(list(rows.values()), own_reasons=reasons)


def _reason(round_: Round, items: Iterable[QueueItem]) -> str:
    lines = [_line(round_, item) for item in items]
    begin = ngettext("หลักฐานที่ผู้ตรวจยังไม่รับ %(n)d รายการ", "หลักฐานที่ผู้ตรวจยังไม่รับ %(n)d รายการ", len(lines)) % {
        "n": len(lines)
    }
    text = "\n".join([begin, *lines])
    return text if len(text) <= MAX_REASON else f"{text[: MAX_REASON - 1]}…"


def _line(round_: Round, item: QueueItem) -> str:
    words = {
        "what": part_name(round_, AssignmentTarget(question=item.question)),
        "name": item.name,
        "verdict": Verdict(item.verdict).label,
        "reason": item.reason,
    }
    return _("• ข้อ %(what)s “%(name)s”: %(verdict)s – %(reason)s") % words
