"""What is kept of the texts of files in this process, unpacked, and what a file can be shown as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from dgready.lru_cache import LruCache
from evidence.models import File, FileKind, FileRendition, FileText, RenditionState, TextState
from evidence.reading.pages import DocumentText, unpack

KEPT: Final = 12  # texts of files unpacked in one process
LONGEST_KEPT: Final = 400_000  # characters; longer ones are unpacked anew each time
ShownAs = Literal["pdf", "image", "text"]
_unpacked: LruCache[DocumentText | None] = LruCache(KEPT)


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of a file as far as it is read. `version` changes with it; None while it may change at any time."""

    state: TextState
    document: DocumentText | None
    version: str | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether there will be more of it."""
        return self.state == TextState.WAITING


NOT_QUEUED: Final = ReadText(TextState.WAITING, None)


def read_texts(files: Iterable[int]) -> dict[int, ReadText]:
    """The texts of files by their keys; of one that was never queued, as waiting. One query, or two.

    What was unpacked a moment ago in this process is not unpacked again.
    """
    wanted = list(files)
    columns = ("file", "pk", "state", "reader", "read_at", "characters")
    rows = list(FileText.objects.filter(file__in=wanted).values_list(*columns))
    packed = _Packed([pk for _file, pk, *_rest in rows])
    texts = dict.fromkeys(wanted, NOT_QUEUED)
    for file, pk, state, reader, read_at, characters in rows:
        settled = read_at is not None and state != TextState.WAITING
        version = f"{pk}.{reader}.{read_at.timestamp()}" if settled else None
        key = version if characters <= LONGEST_KEPT else None
        texts[file] = ReadText(TextState(state), _unpacked.get(key, partial(packed.unpack, pk)), version)
    return texts


class _Packed:
    """The packed texts of some rows, read together when the first of them is asked for."""

    def __init__(self, keys: list[int]) -> None:
        self._keys = keys
        self._pages: dict[int, bytes | memoryview | None] | None = None

    def unpack(self, pk: int) -> DocumentText | None:
        if self._pages is None:
            self._pages = dict(FileText.objects.filter(pk__in=self._keys).values_list("pk", "pages"))
        pages = self._pages.get(pk)
        return unpack(bytes(pages)) if pages is not None else None


def read_text(file: File) -> ReadText:
    """The text of one file."""
    return read_texts([file.pk])[file.pk]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """How a file is shown: as PDF (its own or its rendition), as a picture, or as its text alone."""

    shown_as: ShownAs
    stored: str = ""
    is_rendition: bool = False
    rendition_state: str = ""


def shown_file(file: File) -> ShownFile:
    """How a file is shown. One query for an office document."""
    kind = FileKind(file.kind)
    if kind == FileKind.PDF:
        return ShownFile("pdf", file.stored)
    if kind.is_image:
        return ShownFile("image", file.stored)
    rendition = FileRendition.objects.filter(file=file).first()
    if rendition is not None and rendition.state == RenditionState.MADE and rendition.stored:
        return ShownFile("pdf", rendition.stored, is_rendition=True, rendition_state=rendition.state)
    return ShownFile("text", rendition_state=rendition.state if rendition else "")
