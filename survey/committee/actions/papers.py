"""Tabling a meeting's paper: the file goes into the store first, then the row and the event that name it."""

from __future__ import annotations

from pathlib import Path

from django.core.files import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dgready.disk import file_sha256
from survey.committee.actions.locking import lock_open_meeting, record_meeting_event
from survey.models import Meeting, TabledPaper


def table_paper(*, by: User, meeting: Meeting, path: Path, version: int, source: str) -> TabledPaper:
    """Keeps the file at `path` as the paper on the table of a meeting that is not concluded.

    `version`: of the answer that it shows; `source`: what made it. Of one source there is one paper: a second
    try gives back the first. Raises NotAllowed, TransitionRefused.
    """
    if kept := TabledPaper.objects.filter(source=source).first():
        return kept
    sha256, size = file_sha256(path), path.stat().st_size
    province = meeting.round.province
    with path.open("rb") as file:
        stored = default_storage.save(f"meetings/{province.code}/{meeting.pk}/{sha256}.pdf", DjangoFile(file))
    try:
        with transaction.atomic():
            locked, open_meeting = lock_open_meeting(by, meeting)
            paper = TabledPaper.objects.create(
                meeting=open_meeting,
                stored=stored,
                sha256=sha256,
                size=size,
                version=version,
                source=source,
                by=by,
                at=timezone.now(),
            )
            about = {"paper": str(paper.public_id), "answer": version, "size": size, "after": {"sha256": sha256}}
            record_meeting_event(by, locked, "meeting.table", open_meeting, **about)
    except BaseException:
        default_storage.delete(stored)
        raise
    return paper
