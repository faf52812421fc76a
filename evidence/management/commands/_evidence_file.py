"""A file named on the command line, read as an upload would be."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management.base import CommandError

from dgready.children import ChildFault
from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import sniff_content
from evidence.reading.extracting import MORE, NO_READER, NOT_READ, TOO_MANY, go_on_with_pictures, read_document
from evidence.reading.pages import DocumentText

PLAIN: Final = frozenset({".txt", ".csv", ".md"})
NOTES: Final = {
    "": "",
    NO_READER: "no reader of pictures is installed (tesseract with tha and eng)",
    TOO_MANY: "more pages are pictures than are read (TEXT_PICTURES)",
    NOT_READ: "the picture could not be read within the limits",
    MORE: "",
}


def add_file(parser: ArgumentParser) -> None:
    """The arguments FILE and --format."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--format", choices=["json", "text"], default="text")
    parser.add_argument("--no-pictures", action="store_true", help="do not read pages off their pictures (OCR)")


def read_file(path: Path, *, by_picture: bool) -> tuple[str, DocumentText]:
    """Its kind and its text. Raises CommandError in plain words."""
    try:
        kind = "text" if path.suffix.lower() in PLAIN else str(sniff_content(path).kind)
        document = read_document(path, kind, settings.TEXT_LIMITS, by_picture=by_picture)
        while document.note == MORE:
            document = go_on_with_pictures(path, kind, document, settings.TEXT_LIMITS)
    except EvidenceRefused as refusal:
        raise CommandError(f"{path}: {refusal}") from refusal
    except (OSError, ChildFault) as fault:
        raise CommandError(f"{path}: {fault}") from fault
    return kind, document
