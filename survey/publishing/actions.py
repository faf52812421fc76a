"""Actions on the files of a year: keep a file as it was loaded, publish forms and links. Nothing is overwritten."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions.log import RefusedError
from accounts.actions.log import record_account_event as log
from accounts.models import User
from dgready.yaml_upload import read_yaml_upload
from survey.instrument import actions as instruments
from survey.instrument.official.matching import OfficialMatch
from survey.linking.link_file import LinkHeader
from survey.linking.stored import stored_links_checksum
from survey.models import DataFile, DataFileKind, Instrument
from survey.publishing.queries import draft_of, earlier_of
from survey.publishing.reading import checksum_of


class AlreadyDecided(RefusedError):
    """What was looked at is not what stands now: published meanwhile, or replaced by another draft."""


def load_form(
    *, by: User | None, text: str, name: str = "", publish: bool = False
) -> tuple[Instrument, DataFile | None, bool]:
    """Loads a form and keeps its file: the form's row, the file if it is a new one, whether the row changed.

    Raises SourceError, InstrumentRejected, AlreadyPublished.
    """
    data = read_yaml_upload(text.encode())
    with transaction.atomic():
        row, changed = instruments.load_instrument(data=data)
        was_draft = row.published_at is None
        file = None
        if was_draft:
            ends = {"kind": DataFileKind.INSTRUMENT, "key": row.key, "year": row.year, "version": row.version}
            file = keep_draft(by=by, text=text, name=name, **ends)
        if publish and was_draft:
            publish_form(by=by, row=row)
            changed = True
    return row, file, changed


def keep_draft(*, by: User | None, text: str, name: str, **ends: Any) -> DataFile | None:
    """Keeps a file as the draft of what `ends` names; None where the draft is this file already.

    An earlier draft stays, to be downloaded; the newest one is what is published.
    """
    checksum = checksum_of(text)
    with transaction.atomic():
        before = draft_of(**ends)
        if before is not None and before.checksum == checksum:
            return None
        file = DataFile.objects.create(
            **ends, text=text, checksum=checksum, name=name[:200], loaded_by=by, loaded_at=timezone.now()
        )
        log(by=by, verb="load_data_file", before=_described(before), after=_described(file))
    return file


def publish_form(*, by: User | None, row: Instrument, checksum: str | None = None) -> None:
    """Publishes a draft form. `checksum`: of the form that was looked at. Raises AlreadyDecided."""
    with transaction.atomic():
        locked = Instrument.objects.select_for_update().get(pk=row.pk)
        if checksum is not None and locked.checksum != checksum:
            raise AlreadyDecided
        if not instruments.publish_instrument(row=locked):
            raise AlreadyDecided
        row.published_at = locked.published_at
        ends = {"key": row.key, "year": row.year, "version": row.version}
        file = draft_of(kind=DataFileKind.INSTRUMENT, **ends)
        if file is not None:
            _set_published(by, file)
        after = {"kind": "instrument", **ends, "sha256": row.checksum, "file_sha256": file.checksum if file else ""}
        log(by=by, verb="publish_data_file", before={"state": "draft"}, after={**after, "state": "published"})


def keep_links(*, by: User | None, text: str, name: str, header: LinkHeader) -> DataFile | None:
    """Keeps a file of links as a draft; None where the draft is this file already."""
    ends = {"key": header.new[0], "year": header.new[1], "from_key": header.old[0], "from_year": header.old[1]}
    with transaction.atomic():
        published = earlier_of(kind=DataFileKind.LINKS, **ends)
        version = published.version + 1 if published else 1
        return keep_draft(by=by, text=text, name=name, kind=DataFileKind.LINKS, version=version, **ends)


def publish_links(*, by: User | None, file: DataFile) -> None:
    """Publishes a draft of links: from now on they are used in place of the earlier ones. Raises AlreadyDecided."""
    with transaction.atomic():
        before = earlier_of(kind=file.kind, **_ends(file))
        mark_published(by=by, file=file)
        checksum = stored_links_checksum(file.key, file.year)
        # The rows are read by every page, so that each process knows at once, without a query of its own.
        Instrument.objects.filter(key=file.key, year=file.year).update(links_checksum=checksum)
        log_published(by=by, file=file, before=before)


def log_published(*, by: User | None, file: DataFile, before: DataFile | None = None) -> None:
    """Says in the account log that a file was published, and in whose place it is used."""
    log(by=by, verb="publish_data_file", before=_described(before), after=_described(file))


def mark_published(*, by: User | None, file: DataFile) -> None:
    """Marks a draft as published, if it is still the newest of its version. Raises AlreadyDecided."""
    locked = DataFile.objects.select_for_update().get(pk=file.pk)
    newest = draft_of(kind=file.kind, version=file.version, **_ends(file))
    if locked.published_at is not None or newest is None or newest.pk != locked.pk:
        raise AlreadyDecided
    _set_published(by, file)


def _set_published(by: User | None, file: DataFile) -> None:
    file.published_at, file.published_by = timezone.now(), by
    file.save(update_fields=["published_at", "published_by"])


def _ends(file: DataFile) -> dict[str, Any]:
    return {"key": file.key, "year": file.year, "from_key": file.from_key, "from_year": file.from_year}


def _described(file: DataFile | None) -> dict[str, Any] | None:
    """A file as the log tells of it."""
    if file is None:
        return None
    told = {"kind": str(file.kind), "key": file.key, "year": file.year, "version": file.version}
    earlier = {"from": f"{file.from_key} {file.from_year}"} if file.from_key else {}
    state = "published" if file.published_at else "draft"
    return {**told, **earlier, "file": file.name, "sha256": file.checksum, "state": state}


def attach_official(*, by: User | None, row: Instrument, match: OfficialMatch, name: str, checksum: str) -> int:
    """Attaches the wordings of a text that is this form, in place of those before; the number attached.

    Raises ValueError for a text that matches too little: then nothing changes.
    """
    if not match.is_enough:
        raise ValueError("the text is not this form")
    before = {"sha256": row.official_checksum, "wordings": row.official_texts.count()}
    with transaction.atomic():
        number = instruments.attach_official_texts(instrument=row, wordings=match.wordings)
        form = {"key": row.key, "year": row.year, "version": row.version}
        after = {**form, "file": name, "file_sha256": checksum, "sha256": row.official_checksum, "wordings": number}
        log(by=by, verb="attach_official_text", before=before, after=after)
    return number
