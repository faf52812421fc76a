"""The page kit: every paper is an extension of one template with one stylesheet, written by one function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dgready.thai import format_datetime
from reports.content.imprint import Imprint
from reports.documents.archive import ARCHIVE_VARIANT, Enclosure
from reports.documents.render import PDF_VARIANT, lay_out, save_pdf
from scoring.scheme.registry import get_level_names

Progress = Callable[[int, int], None]
"""Called with (done, total)."""

CONTENTS_FROM: Final = 5  # pages: a paper of so many has contents
CONTENTS_LIKELY: Final = 4  # expected pages from which contents are laid out at once
PAGE_HTML: Final = 4000  # characters of HTML on a page, a guess: for the bar, and whether contents are likely
LAYOUT_PERCENT, DRAWING_PERCENT = 75, 92  # of 100, where the bar stands after laying out and after drawing
HASH_PLACE, CONTENTS_PLACE = "[[hash-of-this-paper]]", "<!-- contents -->"
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def no_progress(done: int, total: int) -> None:
    """Tells nobody."""


def paper_html(template: str, imprint: Imprint, context: Mapping[str, Any]) -> str:
    """A paper as HTML. What is not approved bears the hash of its own print, whenever it is printed."""
    with translation.override(imprint.language):
        printed_at = format_datetime(imprint.printed_at, imprint.language, "short")
        names = get_level_names()
        given = {
            "imprint": imprint,
            "printed_at": printed_at,
            "short_hash": imprint.digest[:16] or HASH_PLACE,
            "code": qr_code_svg(imprint.address) if imprint.address else "",
            "levels": {level: name.name.to(imprint.language) for level, name in names.items()},
        }
        html = render_to_string(template, given | dict(context))
    own = sha256(html.replace(printed_at, "").encode()).hexdigest()
    return html.replace(HASH_PLACE, own[:16])


def qr_code_svg(address: str) -> SafeString:
    """The QR code of an address as SVG."""
    qr_code = segno.make(address, error="m", micro=False)
    # segno draws it from our own address; it holds nothing that a person typed.
    return mark_safe(qr_code.svg_inline(border=2, omitsize=True, title=_("รหัส QR ของหน้าตรวจสอบ")))


def write_paper(html: str, path: Path, progress: Progress = no_progress, enclosures: Sequence[Enclosure] = ()) -> int:
    """Writes a paper to `path`, with contents where it has more than four pages; its pages. Raises ReportError.

    One with `enclosures` is an archive (PDF/A-3) that holds these files.
    """
    variant = ARCHIVE_VARIANT if enclosures else PDF_VARIANT
    expected = max(1, len(html) // PAGE_HTML)
    told = 0

    def laid_out(number: int) -> None:
        nonlocal told
        told = max(told, 10 + (LAYOUT_PERCENT - 10) * min(number, expected) // expected)
        progress(told, 100)

    progress(10, 100)
    language = re.search(r'<html lang="(\w+)"', html)
    with translation.override(language[1] if language else "th"):
        full = with_contents(html)
    # Laying out twice doubles the work, so contents are left in where the paper turns out a little shorter.
    with_list = full if expected >= CONTENTS_LIKELY else html
    document = lay_out(with_list, laid_out, variant)
    if with_list != full and len(document.pages) >= CONTENTS_FROM:
        document = lay_out(full, laid_out, variant)
    save_pdf(document, path, lambda: progress(DRAWING_PERCENT, 100), variant, enclosures)
    return len(document.pages)


def with_contents(html: str) -> str:
    """The paper with a list of its headings and their pages; as it is where it has fewer than two."""
    titles: list[str] = []

    def number(match: re.Match[str]) -> str:
        titles.append(" ".join(strip_tags(match[1]).split()))
        return f'<h2 id="part-{len(titles)}">{match[1]}</h2>'

    numbered = _HEADING.sub(number, html)
    if len(titles) < 2 or CONTENTS_PLACE not in html:
        return html
    # The titles come out of HTML that is escaped already.
    lines = format_html_join(
        "", '<li><a href="#part-{}">{}</a></li>', ((at, mark_safe(title)) for at, title in enumerate(titles, start=1))
    )
    listed = format_html('<nav class="paper-contents"><p>{}</p><ol>{}</ol></nav>', _("สารบัญ"), lines)
    return numbered.replace(CONTENTS_PLACE, listed, 1)
