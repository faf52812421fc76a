"""Handing out a stored file, checked first: by this process, by the proxy in front, or by the object store itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from dgready.byte_ranges import ByteRange, RangeNotSatisfiable, read_range
from dgready.http import is_script_request
from dgready.stored_files import open_verified, private_file_response

FOLDER_LOCATION: Final = "/_stored/"  # of deploy/nginx.conf: leads to DGREADY_VAR
STORE_LOCATION: Final = "/_store"  # leads to the object store
ADDRESS_SECONDS: Final = 60  # that an address of the object store is good for
PIECE_BYTES: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out. `store`: the storage; `stored`: its name there; `shown`: not to be saved, but looked at."""

    store: str
    stored: str
    sha256: str
    name: str
    media_type: str
    shown: bool = False

    @property
    def etag(self) -> str:
        """What tells this content from another."""
        return f'"{self.sha256}"'


def download_response(request: HttpRequest, wanted: Download) -> HttpResponseBase:
    """The answer with the file, or with the part that is asked for. Raises StoredFileFault, StoreAwayError.

    Whoever hands it out, its bytes were hashed before (dgready.stored_files says how often).
    """
    content = open_verified(wanted.store, wanted.stored, wanted.sha256)
    size, storage = int(content.size), storages[wanted.store]
    if request.method != "HEAD" and settings.DOWNLOADS != "stream":
        away = (
            _by_proxy(storage, wanted, size) if settings.DOWNLOADS == "proxy" else _by_store(request, storage, wanted)
        )
        if away is not None:
            content.close()
            return away
    return _streamed(request, content, wanted, size)


def begins_file(answer: HttpResponseBase) -> bool:
    """Whether an answer has the beginning of a file: one that goes on with it is no download of its own."""
    if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
        return answer["Content-Range"].startswith("bytes 0-")
    return answer.status_code in (HTTPStatus.OK, HTTPStatus.FOUND)


# -- by somebody else -----------------------------------------------------------------------------


def _by_proxy(storage: Storage, wanted: Download, size: int) -> HttpResponse | None:
    """An answer without a body, for which nginx fetches the file itself and adds the headers that make it harmless."""
    location = _folder_location(storage, wanted) or _store_location(storage, wanted)
    if location is None:
        return None
    empty = private_file_response(
        File(BytesIO()), name=wanted.name, media_type=wanted.media_type, size=size, shown=wanted.shown
    )
    response = HttpResponse(headers={name: value for name, value in empty.items() if name != "Content-Length"})
    response["X-Accel-Redirect"] = location
    return response


def _folder_location(storage: Storage, wanted: Download) -> str | None:
    if not isinstance(storage, FileSystemStorage):
        return None
    path, base = Path(storage.path(wanted.stored)), Path(settings.VAR_DIR).resolve()
    inside = path.resolve()
    return FOLDER_LOCATION + quote(str(inside.relative_to(base))) if inside.is_relative_to(base) else None


def _store_location(storage: Storage, wanted: Download) -> str | None:
    address = _address(storage, wanted)
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{STORE_LOCATION}{parts.path}?{parts.query}"


def _by_store(request: HttpRequest, storage: Storage, wanted: Download) -> HttpResponse | None:
    """The way to the object store's own address, good for a moment; only for saving, since it adds no such headers."""
    if wanted.shown or is_script_request(request):
        return None
    address = _address(storage, wanted, public=True)
    return (
        None
        if address is None
        else HttpResponse(status=302, headers={"Location": address, "Cache-Control": "no-store"})
    )


def _address(storage: Any, wanted: Download, *, public: bool = False) -> str | None:
    if not hasattr(storage, "signed_address"):
        return None
    parameters = {"ResponseContentType": wanted.media_type}
    if public:  # the proxy says these itself
        parameters["ResponseContentDisposition"] = content_disposition_header(True, wanted.name) or "attachment"
        parameters["ResponseCacheControl"] = "private, no-store"
    return str(storage.signed_address(wanted.stored, parameters, ADDRESS_SECONDS, public=public))


# -- by this process ------------------------------------------------------------------------------


def _streamed(request: HttpRequest, content: File[Any], wanted: Download, size: int) -> HttpResponseBase:
    try:
        part = read_range(request.headers, size, wanted.etag) if request.method == "GET" else None
    except RangeNotSatisfiable:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    body = _body(request, content, part)
    response = private_file_response(
        body, name=wanted.name, media_type=wanted.media_type, size=part.length if part else size, shown=wanted.shown
    )
    response["Accept-Ranges"], response["ETag"] = "bytes", wanted.etag
    if part:
        response.status_code, response["Content-Range"] = 206, part.content_range
    return response


def _body(request: HttpRequest, content: File[Any], part: ByteRange | None) -> Any:
    if request.method == "HEAD":
        content.close()
        return File(BytesIO())
    return FilePart(content, part) if part else content


class FilePart:
    """A part of an open file, for FileResponse, which closes it; of a bucket no more than the part is fetched."""

    def __init__(self, content: File[Any], part: ByteRange) -> None:
        self._content, self._left = content, part.length
        open_part = getattr(content, "open_part", None)
        self._source: Any = open_part(part.start, part.length) if open_part else content
        if not open_part:
            content.seek(part.start)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE_BYTES):
            yield piece

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at its end."""
        piece: bytes = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the file."""
        self._source.close()
        self._content.close()
