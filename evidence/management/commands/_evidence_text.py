"""manage.py evidence text FILE: what was read, page by page."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import OutputWrapper

from evidence.management.commands._evidence_file import NOTES, add_file, read_file
from evidence.reading.document_dates import document_date
from evidence.reading.pages import DocumentText, PageText

HELP: Final = "what was read of a file, with page numbers"


def add_arguments(parser: ArgumentParser) -> None:
    """Those of the verb."""
    add_file(parser)


def run(out: OutputWrapper, options: dict[str, Any]) -> None:
    """Prints the text, or all that is known of it as JSON."""
    kind, document = read_file(options["file"], by_picture=not options["no_pictures"])
    if options["format"] == "json":
        out.write(json.dumps(text_json(kind, document), ensure_ascii=False, indent=1))
        return
    own = document_date(document)
    facts = [kind, f"{len(document.pages)} pages", f"{document.characters} characters"]
    facts += [f"dated {own.day.isoformat()}"] if own else []
    out.write(f"{options['file']}: {', '.join(facts)}")
    for page in document.pages:
        out.write(f"-- page {page.number} ({_origin(page)})")
        out.write(page.text.rstrip("\n"))
    if document.cut:
        out.write("-- cut: the file is longer than what is read")
    if NOTES[document.note]:
        out.write(f"-- {NOTES[document.note]}")


def _origin(page: PageText) -> str:
    return f"{page.source.value}, quality {page.quality:.2f}"


def text_json(kind: str, document: DocumentText) -> dict[str, Any]:
    """The document as the command prints it."""
    own = document_date(document)
    return {
        "kind": kind,
        "date": own.day.isoformat() if own else None,
        "date_from": {"page": own.page, "reason": own.reason} if own else None,
        "cut": document.cut,
        "note": NOTES[document.note],
        "pages": [
            {
                "page": page.number,
                "source": page.source.value,
                "quality": round(page.quality, 2),
                "width": page.width,
                "height": page.height,
                "text": page.text,
            }
            for page in document.pages
        ],
    }
