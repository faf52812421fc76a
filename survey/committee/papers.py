"""The papers on the table of a meeting, and what changed in the answer since the newest was made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.core.files.storage import default_storage

from survey.committee.endorsement import LateAddition, read_additions
from survey.models import Meeting, Response, TabledPaper

CHUNK_BYTES = 1024 * 1024


def tabled_papers(meeting: Meeting) -> list[TabledPaper]:
    """The papers that were tabled for a meeting, newest first. One query."""
    return list(TabledPaper.objects.filter(meeting=meeting).select_related("by"))


def additions_since_tabled(response: Response, papers: Sequence[TabledPaper]) -> tuple[LateAddition, ...]:
    """What was changed in the answer since the newest paper, oldest first. One query, none without a paper."""
    return read_additions(response, papers[0].version) if papers else ()


def is_unchanged(paper: TabledPaper) -> bool:
    """Whether the stored file is, byte by byte, the one that was tabled. Raises FileNotFoundError."""
    digest = hashlib.sha256()
    with default_storage.open(paper.stored) as file:
        for chunk in file.chunks(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest() == paper.sha256


def copy_paper(paper: TabledPaper, path: Path) -> None:
    """Writes the stored file of a paper to `path`. Raises FileNotFoundError."""
    with default_storage.open(paper.stored) as file, path.open("wb") as target:
        for chunk in file.chunks(CHUNK_BYTES):
            target.write(chunk)
