"""Generated documents as provinces have them, with the text layers, scans and photos that make them hard to read.

The same number always makes the same document. Nothing of it comes from a real one.
"""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageFilter

from reports.documents.render import write_pdf
from reports.documents.text_layer import _read_cmap, _write_cmap
from tests.evidence.reading.topics import FILLER, TOPICS, Topic

# How the text layer is broken, or what takes its place.
WHOLE = ("plain", "thai_digits", "rotated", "two_columns")
BROKEN = ("doubled", "private_use", "latin_tones", "lost_tones", "split_am")
UNREADABLE = ("code_page", "no_unicode", "scan", "turned_scan", "photo")
WAYS = (*WHOLE, *BROKEN, *UNREADABLE)
MONTHS = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน".split()


@dataclass(frozen=True)
class Made:
    """A document: what is asked, and the page where the passage stands."""

    number: int
    topic: Topic
    way: str
    page: int
    pages: int
    content: bytes = b""
    kind: str = "pdf"

    @property
    def day(self) -> int:
        """Of its date."""
        return 1 + self.number % 27

    @property
    def month(self) -> int:
        """Of its date."""
        return 1 + self.number % 6


def plan(number: int) -> Made:
    """What document a number is, before it is made."""
    topic, way = TOPICS[number % len(TOPICS)], WAYS[(number * 5 + number // len(TOPICS)) % len(WAYS)]
    pages = 1 if way == "photo" else 2 + number % 3
    return Made(number, topic, way, 1 + (number * 7) % pages, pages)


def documents(numbers: Sequence[int]) -> Iterator[Made]:
    """The documents of some numbers; all are laid out together, which is cheap."""
    planned = [plan(number) for number in numbers]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.pdf"
        body = "".join(_html(each) for each in planned)
        head = f"<head><meta charset=utf-8><title>ชุดทดสอบ</title><style>{_STYLE}</style></head>"
        write_pdf(f'<!doctype html><html lang="th">{head}<body>{body}</body></html>', path)
        with pikepdf.open(path) as batch:
            first = 0
            for each in planned:
                pages = batch.pages[first : first + each.pages]
                first += each.pages
                with pikepdf.new() as single:
                    single.pages.extend(pages)
                    content, kind = _MAKERS.get(each.way, _as_it_is)(single)
                yield Made(each.number, each.topic, each.way, each.page, each.pages, content, kind)


def long_document(pages: int) -> bytes:
    """A document of many full pages."""
    texts = [" ".join(FILLER[(n + k) % len(FILLER)] for k in range(9)) for n in range(pages)]
    body = "".join(f"<section><h1>หน้า {n}</h1><p>{escape(text)}</p></section>" for n, text in enumerate(texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        head = f"<head><meta charset=utf-8><title>ยาว</title><style>{_STYLE}</style></head>"
        write_pdf(f'<!doctype html><html lang="th">{head}<body>{body}</body></html>', path)
        return path.read_bytes()


# -- what is printed -------------------------------------------------------------------------------


def _html(made: Made) -> str:
    chance = random.Random(made.number)
    sections = []
    for number in range(1, made.pages + 1):
        blocks = [f"<p>{escape(text)}</p>" for text in chance.sample(FILLER, 4)]
        if number == made.page:
            blocks.insert(chance.randrange(1, 4), _passage(made))
        sections.append(
            f"<section class={made.way}>{_head(made, number)}{''.join(blocks)}{_foot(made, number)}</section>"
        )
    return "".join(sections)


def _passage(made: Made) -> str:
    text = made.topic.passage
    if made.way == "thai_digits":
        text = text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    if made.topic.kind != "projects":
        return f"<p>{'ข้อ 4 ' if made.topic.kind == 'announcement' else ''}{escape(text)}</p>"
    rows = ["ปรับปรุงถนนเลียบแม่น้ำ", text, "ขุดลอกคลองส่งน้ำ", "ซ่อมบำรุงอาคารศูนย์ราชการ"]
    cells = "".join(f"<tr><td>{n}<td>{escape(row)}<td>{n * 125},000" for n, row in enumerate(rows, 1))
    return f"<table><tr><th>ที่<th>โครงการ<th>บาท{cells}</table>"


def _head(made: Made, number: int) -> str:
    title = escape(made.topic.title)
    if number > 1:
        return f"<p class=small>- {number} -</p>"
    lead = {
        "order": "คำสั่งจังหวัดตัวอย่าง ที่ 12/2567<br>เรื่อง ",
        "announcement": "ประกาศจังหวัดตัวอย่าง<br>เรื่อง ",
        "web": "www.example.org &gt; หน้าแรก &gt; ",
    }.get(made.topic.kind, "")
    return f"<h1>{lead}{title}</h1>"


def _foot(made: Made, number: int) -> str:
    if number < made.pages:
        return ""
    verb = {"order": "สั่ง", "announcement": "ประกาศ"}.get(made.topic.kind, "รายงาน")
    return f"<p>{verb} ณ วันที่ {made.day} {MONTHS[made.month - 1]} พ.ศ. 2567</p>"


_STYLE = """
@font-face { font-family: Sarabun; font-weight: 400; src: url(dgready:///font/Regular); }
@font-face { font-family: Sarabun; font-weight: 700; src: url(dgready:///font/Bold); }
@page { size: A4; margin: 25mm 22mm; }
body { font-family: Sarabun; font-size: 15pt; line-height: 1.6; margin: 0; }
section { break-after: page; }
section:last-child { break-after: auto; }
h1 { font-size: 18pt; text-align: center; }
table { border-collapse: collapse; width: 100%; }
td, th { border: 1pt solid #333; padding: 1mm 2mm; text-align: left; }
.small { text-align: center; font-size: 12pt; }
.two_columns { columns: 2; column-gap: 8mm; font-size: 12pt; }
"""


# -- how it is broken ------------------------------------------------------------------------------

_TONES = "่้๊๋์"
_MARKS = "ัิีึืฺุู็่้๊๋์ํ"
_PRIVATE = dict(zip("ิีึื่้๊๋์ัํ็", "\uf701\uf702\uf703\uf704\uf70a\uf70b\uf70c\uf70d\uf70e\uf710\uf711\uf712", strict=True))


def _doubled(text: str) -> str:
    return text * 2 + ("\ufffd" if text == "่" else "") if text in _MARKS else text


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _as_it_is(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
    return _saved(pdf), "pdf"


def _rewritten(change: Callable[[str], str]) -> Callable[[pikepdf.Pdf], tuple[bytes, str]]:
    """The file says another character for each glyph; what is drawn stays."""

    def write(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
        for font in _fonts(pdf):
            entries = _read_cmap(font.ToUnicode.read_bytes())
            texts = {glyph: "".join(map(change, text)) for glyph, text in entries.items()}
            font.ToUnicode = pdf.make_stream(_write_cmap(entries, texts))
        return _saved(pdf), "pdf"

    return write


def _fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    seen = set()
    for page in pdf.pages:
        for font in page.Resources.get("/Font", {}).values():
            if "/ToUnicode" in font and font.objgen not in seen:
                seen.add(font.objgen)
                yield font


def _without_unicode(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
    for font in _fonts(pdf):
        del font["/ToUnicode"]
    return _saved(pdf), "pdf"


def _rotated(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
    """Drawn sideways, and turned upright by the page's own word."""
    for page in pdf.pages:
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        page.contents_add(f"q 0 1 -1 0 {top - bottom} 0 cm ".encode(), prepend=True)
        page.contents_add(b" Q")
        page.mediabox = [left, bottom, top - bottom, right - left]
        page.Rotate = 90
    return _saved(pdf), "pdf"


def _pictures(pdf: pikepdf.Pdf, dots: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(_saved(pdf))
    return [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]


def _as_scan(pictures: list[Image.Image], dots: int) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dots, quality=70)
    return out.getvalue()


def _scan(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
    pictures = [each.rotate(0.4, fillcolor=255, resample=Image.Resampling.BICUBIC) for each in _pictures(pdf, 150)]
    return _as_scan(pictures, 150), "pdf"


def _turned_scan(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
    return _as_scan([each.rotate(90, expand=True) for each in _pictures(pdf, 150)], 150), "pdf"


def _photo(pdf: pikepdf.Pdf) -> tuple[bytes, str]:
    """A page on a table, a little askew and soft."""
    page = _pictures(pdf, 170)[0].filter(ImageFilter.GaussianBlur(0.6)).rotate(1.0, fillcolor=210, expand=True)
    table = Image.new("L", (page.width + 160, page.height + 160), 120)
    table.paste(page.point(lambda tone: int(tone * 0.92)), (80, 80))
    out = io.BytesIO()
    table.save(out, "JPEG", quality=80)
    return out.getvalue(), "jpeg"


_MAKERS: dict[str, Callable[[pikepdf.Pdf], tuple[bytes, str]]] = {
    "doubled": _rewritten(_doubled),
    "private_use": _rewritten(lambda text: _PRIVATE.get(text, text)),
    "latin_tones": _rewritten(lambda text: dict(zip(_TONES, "ÉÊËÌÍ", strict=True)).get(text, text)),
    "lost_tones": _rewritten(lambda text: "\u200b" if text in _TONES else text),
    "split_am": _rewritten(lambda text: "ํา" if text == "ำ" else text),
    "code_page": _rewritten(lambda text: text.encode("cp874", "replace").decode("latin-1")),
    "no_unicode": _without_unicode,
    "rotated": _rotated,
    "scan": _scan,
    "turned_scan": _turned_scan,
    "photo": _photo,
}
