"""The papers on the table of a meeting, and what changed in the answer since the newest was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import DEFAULT_STORAGE_ALIAS

from dgready.prepared_select import PreparedSelect
from dgready.stored_files import open_verified
from survey.committee.endorsement import LateAddition, read_additions
from survey.models import Meeting, Response, TabledPaper

CHUNK_BYTES = 1024 * 1024


def tabled_papers(meeting: Meeting) -> list[TabledPaper]:
    """The papers that were tabled for a meeting, newest first. One query."""
    return _PAPERS.all(meeting.pk)


_PAPERS: PreparedSelect[TabledPaper] = PreparedSelect(lambda meeting: TabledPaper.objects.filter(meeting=meeting))


def additions_since_tabled(response: Response, papers: Sequence[TabledPaper]) -> tuple[LateAddition, ...]:
    """What was changed in the answer since the newest paper, oldest first. One query, none without a paper."""
    return read_additions(response, papers[0].version) if papers else ()


def copy_paper(paper: TabledPaper, path: Path) -> None:
    """Writes the stored file of a paper to `path`. Raises StoredFileFault when it is not the one that was tabled."""
    with open_verified(DEFAULT_STORAGE_ALIAS, paper.stored, paper.sha256) as file, path.open("wb") as target:
        for chunk in file.chunks(CHUNK_BYTES):
            target.write(chunk)
