"""Edits behind the application's back: of rows, of chains, of frozen texts and of stored files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Model, QuerySet
from django.utils import timezone

from evidence.attaching.actions import remove_attachment
from evidence.models import Attachment, File, Mark
from scoring.models import ExternalScore, SchemeVersion
from survey.approval.actions import reopen_response
from survey.approval.snapshot import read_snapshot, seal_snapshot
from survey.journal.actions import compute_event_hash
from survey.models import Assignment, Delegation, Event, FrozenResponse, Instrument, Response, TabledPaper
from tests.assigned import Assigned

NOW = timezone.now()
LATER = timedelta(days=1)


def rows(model: type[Model], **which: Any) -> QuerySet[Any]:
    """The rows of a model, past managers that leave some out."""
    return QuerySet(model).filter(**which)


def edit(model: type[Model], which: dict[str, Any] | None = None, **values: Any) -> Callable[[Assigned], None]:
    """An update past the application; it must hit something."""

    def act(year: Assigned) -> None:
        assert rows(model, **(which or {})).update(**values), "the tampering hit nothing"

    return act


def drop(model: type[Model], **which: Any) -> Callable[[Assigned], None]:
    """A deletion past the application, without what hangs on the row."""

    def act(year: Assigned) -> None:
        found = rows(model, **which)
        assert found, "the tampering hit nothing"
        found._raw_delete(found.db)

    return act


def cut(verb: str, **which: Any) -> Callable[[Assigned], None]:
    """Takes the newest events off a chain from the last of a verb on, and sets version and head back."""

    def act(year: Assigned) -> None:
        event = rows(Event, verb=verb, **which).order_by("-pk").first()
        gone = rows(Event, response=event.response_id, seq__gte=event.seq)
        gone._raw_delete(gone.db)
        rows(Response, pk=event.response_id).update(version=event.seq - 1, head=event.previous)

    return act


def cut_removal(year: Assigned) -> None:
    """Honest work on a reopened answer, whose newest event is then cut off with the head."""
    reopen_response(by=year.flow.governor, response=year.flow.response, reason="แก้ไข")
    remove_attachment(by=year.secretariat, attachment=Attachment.objects.get(name="กลับมา.pdf"))
    cut("evidence.remove")(year)


def insert_mark(year: Assigned) -> None:
    kept = Attachment.objects.filter(removed_at=None).first()
    Mark.objects.create(attachment=kept, pages="9", quote="เพิ่มเอง", by=year.secretariat, at=NOW)


def insert_attachment(year: Assigned) -> None:
    row = Attachment.objects.filter(name="หลักสูตร.pdf").get()
    row.pk, row.public_id, row.address = None, "12345678-1234-5678-1234-567812345678", "T8=yes"
    row.save(force_insert=True)


def insert_score(year: Assigned) -> None:
    row = ExternalScore.objects.get()
    row.pk, row.sub_pillar = None, "1.1"
    row.save(force_insert=True)


def insert_part(year: Assigned) -> None:
    row = Assignment.objects.filter(round=year.round).first()
    row.pk, row.role = None, "I"
    row.question, row.sub_pillar, row.item_id = year.flow.question("T7"), None, ""
    row.save(force_insert=True)


def refreeze(change: Callable[[dict[str, Any]], None]) -> Callable[[Assigned], None]:
    """Rewrites the valid version, with a hash that fits."""

    def act(year: Assigned) -> None:
        row = FrozenResponse.objects.get(voided_at=None)
        data = read_snapshot(row)
        change(data)
        text, digest = seal_snapshot(data)
        rows(FrozenResponse, pk=row.pk).update(content=text, sha256=digest)

    return act


def forge_last_event(year: Assigned) -> None:
    """Rewrites the newest event of a chain with a fitting hash and head."""
    event = rows(Event, verb="part.nothing").get()
    later = rows(Event, response=event.response_id, seq__gt=event.seq)
    later._raw_delete(later.db)
    event.data = {**event.data, "reason": "เหตุผลปลอม"}
    event.hash = compute_event_hash(event)
    rows(Event, pk=event.pk).update(data=event.data, hash=event.hash)
    rows(Response, pk=event.response_id).update(version=event.seq, head=event.hash)


def edit_source(year: Assigned) -> None:
    row = year.round.instrument
    rows(Instrument, pk=row.pk).update(source=json.loads(json.dumps(row.source).replace("T8", "T9")))


def scheme(year: Assigned) -> None:
    SchemeVersion.objects.create(
        key="x", year=2570, version=9, checksum="0" * 64, text="a", fitted_to=year.people.a, moves=[], made_at=NOW
    )


def delete_file(name: str) -> Callable[[Assigned], None]:
    def act(year: Assigned) -> None:
        storages["evidence"].delete(File.objects.get(attachments__name=name).stored)

    return act


def overwrite(storage: str, find: Callable[[], str], same_size: bool = True) -> Callable[[Assigned], None]:
    """Other bytes under a stored name."""

    def act(year: Assigned) -> None:
        store, name = storages[storage], find()
        with store.open(name, "rb") as file:
            content = file.read()
        store.delete(name)
        store.save(name, ContentFile(content[:-1] + b"?" if same_size else content + b"more"))

    return act


def paper() -> str:
    return TabledPaper.objects.get().stored


def order() -> str:
    return Delegation.objects.get().document.name


def first_file() -> str:
    return File.objects.get(attachments__name="หลักสูตร.pdf").stored
