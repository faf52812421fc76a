"""Rendering HTML to a tagged PDF with a correct text layer. Only our own static files can be fetched."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
from django.conf import settings
from weasyprint import HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.documents import archive, print_font, text_layer
from reports.errors import ReportError

URL_SCHEME = "dgready"
BASE_URL = f"{URL_SCHEME}:///"  # the base address of every document: dgready:///css/print.css, dgready:///font/Bold
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
PDF_VARIANT = "pdf/ua-1"

PageListener = Callable[[int], None]
"""Called with the number of the page that is laid out."""


class ForbiddenResource(FatalURLFetchingError):
    """A document asked for something that is not one of our own static files."""


class StaticFileFetcher(URLFetcher):
    """Hands out the print fonts and files under static/, and refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(URL_SCHEME,), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The content of one of our own files. Raises ForbiddenResource."""
        parts = urlsplit(url)
        if parts.scheme != URL_SCHEME or parts.netloc:
            raise ForbiddenResource(url)
        folder, _, name = unquote(parts.path).lstrip("/").partition("/")
        if folder == "font" and name in print_font.FONT_FACES:
            return URLFetcherResponse(url, print_font.font_face(name), {"Content-Type": "font/ttf"})
        return self._static(url, f"{folder}/{name}")

    def _static(self, url: str, name: str) -> URLFetcherResponse:
        root = (Path(settings.BASE_DIR) / "static").resolve()
        path = (root / name).resolve()
        if root not in path.parents or path.suffix not in MEDIA_TYPES or not path.is_file():
            raise ForbiddenResource(url)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})


def lay_out(html: str, laid_out: PageListener | None = None, variant: str | None = PDF_VARIANT) -> Document:
    """The document as pages. `laid_out`: called on the way; `variant`: as it is to be written. Raises ReportError."""
    fonts = FontConfiguration()
    try:
        with _listen_to_progress(laid_out):
            return HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFileFetcher()).render(
                font_config=fonts, pdf_variant=variant
            )
    except FatalURLFetchingError as error:
        logging.getLogger(__name__).error("a document asked for %s", error)
        raise ReportError("outside") from error


def save_pdf(
    document: Document,
    path: Path,
    drawn: Callable[[], None] | None = None,
    variant: str | None = PDF_VARIANT,
    enclosures: Sequence[archive.Enclosure] = (),
) -> None:
    """Writes pages as PDF/UA, or as another kind of PDF. `drawn`: called on the way; `enclosures`: of an archive."""
    raw_path = path.with_suffix(".raw")
    document.metadata.attachments += archive.attachments(enclosures)
    document.write_pdf(raw_path, pdf_variant=variant)
    if drawn:
        drawn()
    with pikepdf.open(raw_path) as pdf:
        text_layer.correct_text_layer(pdf)
        if variant == archive.ARCHIVE_VARIANT:
            archive.finish_archive(pdf, document.metadata.lang or "th")
        pdf.save(path, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    raw_path.unlink()


def write_pdf(html: str, path: Path) -> None:
    """Writes HTML as PDF/UA. Raises ReportError."""
    save_pdf(lay_out(html), path)


_progress = logging.getLogger("weasyprint.progress")
_progress.setLevel(logging.INFO)
_progress.propagate = False  # for _Watcher only, not for the console
_PAGE = re.compile(r"Step 5 .* Page (\d+)\Z")


class _ProgressHandler(logging.Handler):
    """Reads WeasyPrint's own progress of this thread."""

    def __init__(self, listener: PageListener) -> None:
        super().__init__(logging.INFO)
        self.listener = listener
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Passes the page on."""
        if record.thread == self.thread and (match := _PAGE.search(record.getMessage())):
            self.listener(int(match[1]))


@contextmanager
def _listen_to_progress(listener: PageListener | None) -> Iterator[None]:
    handler = _ProgressHandler(listener) if listener else logging.NullHandler()
    _progress.addHandler(handler)
    try:
        yield
    finally:
        _progress.removeHandler(handler)
