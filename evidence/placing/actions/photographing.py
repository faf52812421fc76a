"""Photographed pages put together into one PDF, before it is stored as any other file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from evidence import store
from evidence.files.photos import PhotoPage, photo_page
from evidence.files.refusal import EvidenceRefused
from evidence.placing.photo_pdf import write_photo_pdf

MOST_PHOTOS: Final = 40  # of one PDF


@contextmanager
def photographed_pdf(photos: Sequence[store.Upload], name: str) -> Iterator[File[bytes]]:
    """The photos in their order as the upload of one PDF; each is turned upright and made small in the guard.

    Raises EvidenceRefused, naming the photo that cannot be shown.
    """
    if len(photos) > MOST_PHOTOS:
        raise EvidenceRefused("photos", _("รวมได้ครั้งละไม่เกิน %(most)d ภาพ") % {"most": MOST_PHOTOS})
    with tempfile.TemporaryFile() as out:
        made: IO[bytes] = out
        write_photo_pdf(made, (_page(photo) for photo in photos))
        made.seek(0)
        yield File(made, name=f"{name}.pdf")


def _page(photo: store.Upload) -> PhotoPage:
    try:
        with store.spool_upload(photo) as content:
            return photo_page(content.path)
    except EvidenceRefused as refused:
        name = getattr(photo, "name", "") or ""
        raise EvidenceRefused(refused.reason, f"{name}: {refused}") from refused
