"""Comparing what is published with its checksums: instruments with their rows, schemes, and what versions name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dgready.canonical import canonical_json, sha256_hex
from scoring.models import SchemeVersion
from survey.approval.snapshot import read_snapshot
from survey.instrument.actions import official_texts_checksum
from survey.instrument.builder import build_instrument
from survey.models import DataFile, FrozenResponse, Instrument, OfficialText, Pillar, Question, Round, SubPillar
from survey.verifying.report import JournalFault


def published_faults() -> Iterator[JournalFault]:
    """Every fault of instruments, schemes, and of the forms and schemes that frozen versions name."""
    for row in Instrument.objects.exclude(published_at=None).order_by("pk").iterator(chunk_size=1):
        yield from _instrument_faults(row)
    for scheme in SchemeVersion.objects.order_by("pk").iterator(chunk_size=1):
        if (digest := sha256_hex(scheme.text)) != scheme.checksum:
            yield JournalFault("scheme.checksum", subject=str(scheme), expected=scheme.checksum, found=digest)
    for file in DataFile.objects.order_by("pk").iterator(chunk_size=1):
        if (digest := sha256_hex(file.text)) != file.checksum:
            yield JournalFault("file.published", subject=str(file), expected=file.checksum, found=digest)
    stored = SchemeVersion.objects.values("checksum")
    lost = Round.objects.exclude(scheme_sha256="").exclude(scheme_sha256__in=stored).select_related("province")
    for round_ in lost:
        where: dict[str, Any] = {"province": round_.province.code, "year": round_.year}
        yield JournalFault("scheme.missing", **where, expected=round_.scheme_sha256)
    yield from _version_faults()


def _instrument_faults(row: Instrument) -> Iterator[JournalFault]:
    subject = str(row)
    digest = sha256_hex(canonical_json(row.source))
    if digest != row.checksum:
        yield JournalFault("instrument.checksum", year=row.year, subject=subject, expected=row.checksum, found=digest)
        return
    yield from _official_faults(row)
    expected, found = dict(_expected_rows(row)), dict(_stored_rows(row))
    for key in dict.fromkeys([*expected, *found]):
        if expected.get(key) != found.get(key):
            pair: dict[str, Any] = {"expected": expected.get(key), "found": found.get(key)}
            yield JournalFault("instrument.row", year=row.year, question=key, subject=subject, **pair)


def _official_faults(row: Instrument) -> Iterator[JournalFault]:
    """The official wording that is attached, against its checksum; none is attached without one."""
    if not row.official_checksum:
        return
    digest = official_texts_checksum(OfficialText.objects.filter(instrument=row).order_by("pk"))
    if digest != row.official_checksum:
        pair: dict[str, Any] = {"expected": row.official_checksum, "found": digest}
        yield JournalFault("instrument.official", year=row.year, subject=str(row), **pair)


def _expected_rows(row: Instrument) -> Iterator[tuple[str, list[Any]]]:
    """What survey.instrument.actions writes of an instrument besides its source."""
    compiled = build_instrument(row.source)
    names = [compiled.key, compiled.year, compiled.version, compiled.title.th, compiled.title.to("en")]
    yield "", [*names, compiled.respondents, *(day.isoformat() for day in compiled.period)]
    for number, pillar in enumerate(compiled.pillars):
        yield f"pillar {pillar.number}", [pillar.name.th, pillar.name.to("en"), number]
        for order, sub in enumerate(pillar.sub_pillars):
            yield f"sub-pillar {sub.code}", [sub.name.th, sub.name.to("en"), order, sub.parent or ""]
    for order, item in enumerate(compiled.questions):
        labels = [item.ask.th[:600], item.ask.to("en")[:600]]
        yield item.id, [item.code or "", item.section, order, item.sub_pillar or "", *labels]


def _stored_rows(row: Instrument) -> Iterator[tuple[str, list[Any]]]:
    names = [row.key, row.year, row.version, row.title_th, row.title_en]
    yield "", [*names, row.respondents, row.period_from.isoformat(), row.period_to.isoformat()]
    for pillar in Pillar.objects.filter(instrument=row):
        yield f"pillar {pillar.number}", [pillar.name_th, pillar.name_en, pillar.order]
    for sub in SubPillar.objects.filter(pillar__instrument=row).select_related("parent"):
        yield f"sub-pillar {sub.code}", [sub.name_th, sub.name_en, sub.order, sub.parent.code if sub.parent else ""]
    for one in Question.objects.filter(instrument=row).select_related("sub_pillar"):
        sub_pillar = one.sub_pillar.code if one.sub_pillar else ""
        yield one.item_id, [one.code, one.section, one.order, sub_pillar, one.label_th, one.label_en]


def _version_faults() -> Iterator[JournalFault]:
    """The form and the scheme that each valid version names: stored with that checksum, and told whole."""
    published = set(Instrument.objects.values_list("key", "year", "version", "checksum"))
    rows = FrozenResponse.objects.filter(voided_at=None).select_related("response__round__province")
    for row in rows.order_by("pk").iterator(chunk_size=1):
        try:
            data = read_snapshot(row)
        except ValueError:
            continue  # told with its response
        round_ = row.response.round
        where: dict[str, Any] = {"province": round_.province.code, "year": round_.year, "response": row.response_id}
        named = data.get("instrument", {})
        if tuple(named.get(key) for key in ("key", "year", "version", "checksum")) not in published:
            yield JournalFault("version.instrument", **where, subject=str(row.number), expected=named.get("checksum"))
        scheme = data.get("scheme", {})
        if "source" in scheme and (digest := sha256_hex(scheme["source"])) != scheme.get("checksum"):
            pair = {"expected": scheme.get("checksum"), "found": digest}
            yield JournalFault("version.scheme", **where, subject=str(row.number), **pair)
