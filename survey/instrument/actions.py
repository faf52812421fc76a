"""Loads an instrument into the database: checked first, idempotent, immutable once published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from dgready.canonical import canonical_json, sha256_hex
from survey.instrument.check import check_instrument_data
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
    with transaction.atomic():
        row = (
            Instrument.objects.select_for_update()
            .filter(key=compiled.key, year=compiled.year, version=compiled.version)
            .first()
        )
        if row and row.checksum == checksum:
            if publish and not row.published_at:
                row.published_at = timezone.now()
                row.save(update_fields=["published_at"])
                return row, True
            return row, False
        if row and row.published_at:
            raise AlreadyPublished(f"{row} is published; give the corrected file a new version")
        row = _write_instrument(row, compiled, source, checksum, publish)
    return row, True


def _write_instrument(
    row: Instrument | None, compiled: CompiledInstrument, source: Mapping[str, Any], checksum: str, publish: bool
) -> Instrument:
    row = row or Instrument(key=compiled.key, year=compiled.year, version=compiled.version)
    row.title_th, row.title_en = compiled.title.th, compiled.title.to("en")
    row.source, row.checksum = dict(source), checksum
    row.period_from, row.period_to = compiled.period
    row.published_at = timezone.now() if publish else None
    row.save()
    sub_pillars = _write_pillars(row, compiled)
    kept_item_ids = set()
    for order, item in enumerate(compiled.questions):
        label = {"label_th": item.ask.th[:600], "label_en": item.ask.to("en")[:600]}
        Question.objects.update_or_create(
            instrument=row,
            item_id=item.id,
            defaults={
                "code": item.code or "",
                "section": item.section,
                "order": order,
                "sub_pillar": sub_pillars.get(item.sub_pillar or ""),
                **label,
            },
        )
        kept_item_ids.add(item.id)
    Question.objects.filter(instrument=row).exclude(item_id__in=kept_item_ids).delete()
    return row


def _write_pillars(row: Instrument, compiled: CompiledInstrument) -> dict[str, SubPillar]:
    sub_pillars: dict[str, SubPillar] = {}
    for number, pillar in enumerate(compiled.pillars):
        names = {"name_th": pillar.name.th, "name_en": pillar.name.to("en"), "order": number}
        stored, _ = Pillar.objects.update_or_create(instrument=row, number=pillar.number, defaults=names)
        for order, sub in enumerate(pillar.sub_pillars):
            names = {"name_th": sub.name.th, "name_en": sub.name.to("en"), "order": order}
            sub_pillars[sub.code], _ = SubPillar.objects.update_or_create(
                pillar=stored, code=sub.code, defaults={**names, "parent": sub_pillars.get(sub.parent or "")}
            )
    return sub_pillars


def attach_official_texts(*, instrument: Instrument, texts: Mapping[str, str]) -> int:
    """Replace the official wording stored beside an instrument's items; returns the number stored."""
    with transaction.atomic():
        OfficialText.objects.filter(instrument=instrument).delete()
        OfficialText.objects.bulk_create(
            OfficialText(instrument=instrument, item_id=item_id, text=text) for item_id, text in texts.items()
        )
    return len(texts)
