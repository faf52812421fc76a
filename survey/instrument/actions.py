"""Loads an instrument into the database: checked first, idempotent, immutable once published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from dgready.canonical import canonical_json, sha256_hex
from survey.instrument.check import check_instrument_data
from survey.instrument.official.matching import MatchState, OfficialWording
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceNode, to_plain_data
from survey.models import Instrument, OfficialText, Pillar, Question, SubPillar


class InstrumentRejected(Exception):
    """The instrument file has faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class AlreadyPublished(Exception):
    """The published version differs from the file: a correction needs a new version number."""


def load_instrument(*, data: SourceNode, publish: bool = False) -> tuple[Instrument, bool]:
    """Load a file's data; the instrument row, and whether it changed. Raises Rejected, Published."""
    compiled, faults = check_instrument_data(data)
    if compiled is None:
        raise InstrumentRejected(faults)
    source = to_plain_data(data)
    checksum = sha256_hex(canonical_json(source))
    _check_respondents(compiled)
    with transaction.atomic():
        row = (
            Instrument.objects.select_for_update()
            .filter(key=compiled.key, year=compiled.year, version=compiled.version)
            .first()
        )
        if row and row.checksum == checksum:
            return row, publish and publish_instrument(row=row)
        if row and row.published_at:
            raise AlreadyPublished(f"{row} is published; give the corrected file a new version")
        row = _write_instrument(row, compiled, source, checksum, publish)
    return row, True


def _check_respondents(compiled: CompiledInstrument) -> None:
    """Rounds move between the versions of a form, so all of them are answered by the same kind."""
    others = Instrument.objects.filter(key=compiled.key, year=compiled.year).exclude(version=compiled.version)
    if others.exclude(respondents=compiled.respondents).exists():
        raise InstrumentRejected([Fault(0, "instrument", "another version of this form is answered by others")])


def publish_instrument(*, row: Instrument) -> bool:
    """Publish a draft, which from then on never changes; whether it was one."""
    if row.published_at:
        return False
    row.published_at = timezone.now()
    row.save(update_fields=["published_at"])
    return True


def _write_instrument(
    row: Instrument | None, compiled: CompiledInstrument, source: Mapping[str, Any], checksum: str, publish: bool
) -> Instrument:
    row = row or Instrument(key=compiled.key, year=compiled.year, version=compiled.version)
    row.title_th, row.title_en = compiled.title.th, compiled.title.to("en")
    row.source, row.checksum = dict(source), checksum
    row.respondents = compiled.respondents
    row.period_from, row.period_to = compiled.period
    row.published_at = timezone.now() if publish else None
    row.links_checksum = _links_checksum_of(row)
    row.save()
    subs = _write_pillars(row, compiled)
    questions = [
        Question(
            instrument=row,
            item_id=item.id,
            code=item.code or "",
            section=item.section,
            order=order,
            sub_pillar=subs.get(item.sub_pillar or ""),
            label_th=item.ask.th[:600],
            label_en=item.ask.to("en")[:600],
        )
        for order, item in enumerate(compiled.questions)
    ]
    _upsert(questions, "instrument", "item_id")
    Question.objects.filter(instrument=row).exclude(item_id__in=[q.item_id for q in questions]).delete()
    return row


def _links_checksum_of(row: Instrument) -> str:
    """Of the stored links into the form, as its other versions have it: links are of the years, not of a version."""
    others = Instrument.objects.filter(key=row.key, year=row.year).exclude(links_checksum="")
    return others.values_list("links_checksum", flat=True).first() or ""


def _write_pillars(row: Instrument, compiled: CompiledInstrument) -> dict[str, SubPillar]:
    subs: dict[str, SubPillar] = {}
    pillars = [
        Pillar(instrument=row, number=p.number, name_th=p.name.th, name_en=p.name.to("en"), order=number)
        for number, p in enumerate(compiled.pillars)
    ]
    _upsert(pillars, "instrument", "number")
    for parts in (False, True):  # a part points at the row of its sub-pillar
        rows = [
            SubPillar(
                pillar=stored,
                code=sub.code,
                name_th=sub.name.th,
                name_en=sub.name.to("en"),
                order=order,
                parent=subs.get(sub.parent or ""),
            )
            for stored, pillar in zip(pillars, compiled.pillars, strict=True)
            for order, sub in enumerate(pillar.sub_pillars)
            if bool(sub.parent) is parts
        ]
        _upsert(rows, "pillar", "code")
        subs |= {sub.code: sub for sub in rows}
    return subs


def _upsert(rows: Sequence[models.Model], *unique: str) -> None:
    """Insert the rows in one statement; those that stand under the same `unique` fields take the new values."""
    if rows:
        model = type(rows[0])
        fields = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in unique]
        model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields)


def attach_official_texts(*, instrument: Instrument, wordings: Sequence[OfficialWording]) -> int:
    """Replace the official wording stored beside an instrument's places; returns the number stored.

    The checksum on the instrument's row tells every process that what it has compiled is out of date.
    """
    rows = [
        OfficialText(
            instrument=instrument,
            kind=wording.place.kind,
            item_id=wording.place.owner,
            part=wording.place.part,
            text=wording.text,
            is_sure=wording.state is MatchState.MATCHED,
            doubts=[list(doubt) for doubt in wording.doubts],
        )
        for wording in wordings
    ]
    with transaction.atomic():
        OfficialText.objects.filter(instrument=instrument).delete()
        OfficialText.objects.bulk_create(rows, batch_size=200)
        instrument.official_checksum = official_texts_checksum(rows)
        instrument.save(update_fields=["official_checksum"])
    return len(rows)


def official_texts_checksum(rows: Iterable[OfficialText]) -> str:
    """SHA-256 of official wordings, in the order in which they were attached."""
    content = [[row.kind, row.item_id, row.part, row.text, row.doubts] for row in rows]
    return sha256_hex(canonical_json(content))
