"""Reads what agencies changed of evidence after the provincial answer took it over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evidence.following.sides import EvidenceSide, MarkKey, SideChanges, compare_sides
from evidence.models import Attachment
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.models import Event, Response


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """Evidence of a contribution that the provincial answer has otherwise. `mine`: None where it has none yet."""

    source: Attachment
    mine: Attachment | None
    address: str
    changes: SideChanges

    @property
    def name(self) -> str:
        """The file's name, or the web address."""
        return self.source.name or self.source.url or ""


@dataclass(slots=True)
class _Taken:
    """What the events of adopting tell of one attachment taken from one source."""

    content: str = ""
    day: str | None = None
    marks: set[MarkKey] = field(default_factory=set)
    copied: bool = False


@dataclass(frozen=True, slots=True)
class TakenEvidence:
    """What a provincial answer took over: what changed since by question, and the ids of all that was ever taken."""

    changes: Mapping[str, list[EvidenceChange]]
    sources: frozenset[str]


def taken_evidence(
    response: Response, question: str = "", known: Mapping[str, Attachment] | None = None
) -> TakenEvidence:
    """What the provincial answer (or one question of it) took over from contributions.

    `known`: the attachments of the round by public id, removed ones too, with file, response and marks, where they are
    read already. One query then, else at most three.
    """
    events = Event.objects.filter(response=response, verb="evidence.adopt").order_by("seq")
    if question:
        events = events.filter(question__item_id=question)
    taken = _taken_by_pair(events.values_list("data", flat=True))
    if not taken:
        return TakenEvidence({}, frozenset())
    attachments = _read(response, taken) if known is None else known
    items = compiled_instrument(response.round.instrument).items
    changes: dict[str, list[EvidenceChange]] = {}
    for (mine_id, source_id), base in taken.items():
        mine, source = attachments.get(mine_id), attachments.get(source_id)
        if mine is None or source is None or source.response.agency_id is None:
            continue
        others = {other: told for (of, other), told in taken.items() if of == mine_id and other != source_id}
        found = _compare(base, source, mine, [(attachments.get(key), told) for key, told in others.items()])
        if found:
            one = EvidenceChange(source, mine, mine.address, found)
            item = items.get(item_id_of(mine.address))
            changes.setdefault((item.question or item.id) if item else "", []).append(one)
    return TakenEvidence(changes, frozenset(source for _mine, source in taken))


def _read(response: Response, pairs: Iterable[tuple[str, str]]) -> dict[str, Attachment]:
    ids = {key for pair in pairs for key in pair if key}
    rows = Attachment.objects.filter(public_id__in=ids, response__round=response.round_id)
    return {str(row.public_id): row for row in rows.select_related("file", "response").prefetch_related("marks")}


def _taken_by_pair(told: Any) -> dict[tuple[str, str], _Taken]:
    taken: dict[tuple[str, str], _Taken] = {}
    known: set[str] = set()
    for data in told:
        after, mine = data["after"], data["attachment"]
        one = taken.setdefault((mine, after.get("from", "")), _Taken())
        one.content = after.get("sha256") or after.get("url") or ""
        one.copied = one.copied or "copy" in after
        one.marks |= {_told_mark(mark) for mark in after.get("marks", ())}
        if mine not in known:  # the event that made it tells the date that its source had
            one.day = after.get("document_date", "")
        known.add(mine)
    return taken


def _compare(
    base: _Taken, source: Attachment, mine: Attachment, others: list[tuple[Attachment | None, _Taken]]
) -> SideChanges:
    """The changes of one source; what another source of the same attachment still has is not gone."""
    still: set[MarkKey] = set()
    alive = False
    for other, _told in others:
        if other is not None and other.removed_at is None:
            alive = True
            still |= _side(other).marks
    told_marks = base.marks.union(*(told.marks for _other, told in others))
    theirs = _side(source)
    if theirs.removed and alive:
        return SideChanges()
    told = EvidenceSide(base.content, base.day, frozenset(told_marks), copied=base.copied)
    return compare_sides(told, replace(theirs, marks=theirs.marks | still), _side(mine))


def _side(row: Attachment) -> EvidenceSide:
    return EvidenceSide(
        content=row.file.sha256 if row.file else row.url or "",
        day=row.document_date.isoformat() if row.document_date else "",
        marks=frozenset(MarkKey(m.pages, m.quote, m.areas, m.note) for m in row.marks.all()),
        removed=row.removed_at is not None,
        to_confirm=row.to_confirm,
        copied=row.copy_id is not None,
    )


def _told_mark(told: Mapping[str, str]) -> MarkKey:
    return MarkKey(told["pages"], told["quote"], told.get("areas", ""), told.get("note", ""))
