"""The queue of evidence to be reviewed in a round: what lies with the reviewer, in the order of the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple

from django.db.models.fields.json import KT

from evidence.attaching.actions.verdicts import VERB
from evidence.attaching.proving import REJECTING
from evidence.models import Attachment, ScanState
from evidence.reviewing.parts import CoveringParts, read_parts
from evidence.reviewing.sources import ADOPT
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import CompiledInstrument
from survey.models import Event, Response

QueueState = Literal["new", "changed", "rejected", "accepted"]
SHOWN: Final = ("open", "changed", "rejected", "accepted", "all")
OF_PROVINCE: Final = "-"  # in place of an agency's code


class SaidVerdict(NamedTuple):
    """A verdict as an event tells of it."""

    response: int
    seq: int
    verdict: str
    reason: str
    by_id: int | None
    by: str
    at: datetime


class QueueItem(NamedTuple):
    """An attachment that lies with the reviewer. `said`: the last verdict, standing or taken off since.

    `attached_by`: who brought the document; `source`: the attachment of an agency that this one was adopted from.
    """

    id: str
    response: int
    agency_id: int | None
    agency: str
    agency_name: str
    question: str
    address: str
    name: str
    verdict: str
    reason: str
    state: QueueState
    attached_by: int
    source: str
    said: SaidVerdict | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be looked at, or again."""
        return self.state in ("new", "changed")


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """All items of a round, with the agencies' parts and the journal's verdicts by attachment."""

    items: list[QueueItem]
    parts: CoveringParts
    told: dict[str, list[SaidVerdict]]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def reviewed(self) -> int:
        """How many have a verdict."""
        return self.counts["accepted"] + self.counts["rejected"]

    @property
    def open(self) -> int:
        """How many have none."""
        return len(self.items) - self.reviewed


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What is shown of the queue: a pillar's number, an agency's code, a state; empty pillar and agency for all."""

    pillar: str = ""
    agency: str = ""
    state: str = "open"

    def choose(self, instrument: CompiledInstrument, items: Sequence[QueueItem]) -> list[QueueItem]:
        """The items that pass."""
        return [item for item in items if self._passes(instrument, item)]

    def _passes(self, instrument: CompiledInstrument, item: QueueItem) -> bool:
        if self.pillar and instrument.items[item.question].pillar != self.pillar:
            return False
        if self.agency and self.agency != (item.agency or OF_PROVINCE):
            return False
        if self.state == "open":
            return item.is_open
        return self.state in ("all", item.state)


def read_queue(provincial: Response) -> ReviewQueue:
    """The queue of the round of a provincial answer. Three queries.

    What an agency still works on is left out unless it was judged, what was adopted from an agency too as long as the
    same is said of both, and what does not count whatever a reviewer says: infected, to be confirmed.
    """
    parts = read_parts(provincial.round)
    told, sources = _read_told(provincial)
    found = [item for item in _read_items(provincial, told, sources) if _lies_with_reviewer(item, parts)]
    verdicts = {item.id: item.verdict for item in found}
    items = [item for item in found if verdicts.get(item.source) != item.verdict]
    order = compiled_instrument(provincial.round.instrument).items
    items.sort(key=lambda item: (order[item.question].order, order[item_id_of(item.address)].order, item.address))
    return ReviewQueue(items, parts, told, Counter(item.state for item in items))


def _lies_with_reviewer(item: QueueItem, parts: CoveringParts) -> bool:
    if item.agency_id is None or item.verdict:
        return True
    return parts.is_handed_in(item.agency_id, item.question, item.address)


def _read_items(provincial: Response, told: dict[str, list[SaidVerdict]], sources: dict[str, str]) -> list[QueueItem]:
    """The live attachments of a round, who brought them resolved through `sources`. One query."""
    instrument = provincial.round.instrument
    item_ids = {row.pk: row.item_id for row in questions_by_item_id(instrument).values()}
    rows = Attachment.objects.filter(response__round=provincial.round_id, removed_at=None, to_confirm=False)
    rows = rows.exclude(file__scan_state=ScanState.INFECTED).order_by("added_at", "pk")
    columns = ("public_id", "response", "response__agency", "response__agency__code", "response__agency__name_th")
    values = list(
        rows.values_list(*columns, "question", "address", "name", "url", "verdict", "verdict_reason", "added_by")
    )
    attachers = {str(row[0]): row[-1] for row in values}
    items = []
    for public_id, response, agency, code, agency_name, question, address, name, url, verdict, reason, by in values:
        key = str(public_id)
        if question not in item_ids:  # of an earlier version of the form
            continue
        source = sources.get(key, "") if response == provincial.pk else ""
        state = _state_of(verdict, told.get(key, []))
        attached_by, said = attachers.get(source, by), told.get(key, [])
        items.append(
            QueueItem(
                key,
                response,
                agency,
                code or "",
                agency_name or "",
                item_ids[question],
                address,
                name or url or "",
                verdict,
                reason,
                state,
                attached_by,
                source,
                next((one for one in reversed(said) if one.verdict), None),
            )
        )
    return items


def _state_of(verdict: str, told: Sequence[SaidVerdict]) -> QueueState:
    if verdict:
        return "rejected" if verdict in REJECTING else "accepted"
    return "changed" if told else "new"


def _read_told(provincial: Response) -> tuple[dict[str, list[SaidVerdict]], dict[str, str]]:
    """The verdicts of a round by attachment, oldest first, and what each adopted one came from. One query."""
    rows = Event.objects.filter(response__round=provincial.round_id, verb__in=(VERB, ADOPT)).order_by("response", "seq")
    after = (KT("data__after__verdict"), KT("data__after__verdict_reason"), KT("data__after__from"))
    people = ("by", "by__first_name", "by__last_name", "by__email")
    told: dict[str, list[SaidVerdict]] = {}
    sources: dict[str, str] = {}
    for response, seq, verb, at, by_id, first, last, email, key, verdict, reason, source in rows.values_list(
        "response", "seq", "verb", "at", *people, KT("data__attachment"), *after
    ):
        if verb == ADOPT:
            sources[key] = source or ""
            continue
        by = f"{first or ''} {last or ''}".strip() or email or ""
        told.setdefault(key, []).append(SaidVerdict(response, seq, verdict or "", reason or "", by_id, by, at))
    return told, sources
