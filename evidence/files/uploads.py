"""The upload handler of the whole site: to disk only, no further than the limit, for people signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

TOO_LARGE_ATTRIBUTE = "too_large"


def form_file_limit() -> int:
    """Bytes of one file of a plain form; a longer one comes in parts (evidence.uploading)."""
    return min(int(settings.FORM_FILE_BYTES), int(settings.EVIDENCE_MAX_BYTES))


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes each file to a temporary file; what exceeds the limit is read but not kept.

    A file that is cut short has `too_large` set. `evidence.store.spool_upload` refuses it with a reason, so
    that one oversized file does not take the others of the request with it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bytes_left = settings.UPLOAD_FULL_FILES * form_file_limit()
        self.file_limit = form_file_limit()
        self.is_cut_short = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins a file; people who are not signed in send none."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile
        super().new_file(*args, **kwargs)
        self.is_cut_short = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps the chunk if it is within the limits."""
        end = start + len(raw_data)
        if self.is_cut_short or end > self.file_limit or len(raw_data) > self.bytes_left:
            self.is_cut_short = True
            return
        self.bytes_left -= len(raw_data)
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file, marked if it was cut short."""
        file = super().file_complete(file_size)
        if self.is_cut_short and file is not None:
            setattr(file, TOO_LARGE_ATTRIBUTE, True)
        return file
