"""A PDF of photographed pages, written picture by picture. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Final

LONG_SIDE: Final = 842  # points: that of A4
_HEAD: Final = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"


def write_photo_pdf(out: IO[bytes], pages: Iterable[tuple[bytes, int, int]]) -> int:
    """Writes a PDF with one page for each JPEG (content in RGB, width, height in pixels); how many pages.

    Only one picture is in memory at a time.
    """
    writer = _Writer(out)
    kids = []
    for jpeg, width, height in pages:
        scale = LONG_SIDE / max(width, height)
        box = f"{width * scale:.2f} {height * scale:.2f}"
        size = f"/Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8"
        picture = writer.stream(f"/Type /XObject /Subtype /Image {size} /Filter /DCTDecode", jpeg)
        drawing = writer.stream("", f"{box.replace(' ', ' 0 0 ', 1)} 0 0 cm /P Do".encode())
        resources = f"/Resources << /XObject << /P {picture} 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box}] {resources} /Contents {drawing} 0 R >>"
        kids.append(writer.object(page.encode()))
    listed = " ".join(f"{number} 0 R" for number in kids)
    writer.object(f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode(), 2)
    writer.object(b"<< /Type /Catalog /Pages 2 0 R >>", 1)
    writer.end()
    return len(kids)


class _Writer:
    """Writes numbered objects and remembers where each begins. 1 is the catalogue, 2 the list of pages."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.places: dict[int, int] = {}
        self.next = 3
        self.length = 0
        self._write(_HEAD)

    def object(self, content: bytes, number: int = 0) -> int:
        """An object; its number."""
        if not number:
            number, self.next = self.next, self.next + 1
        self.places[number] = self.length
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        return number

    def stream(self, entries: str, content: bytes) -> int:
        """A stream with further entries; its number."""
        return self.object(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(content), content))

    def end(self) -> None:
        """The table of objects."""
        start, count = self.length, self.next
        rows = b"".join(b"%010d 00000 n \n" % self.places[number] for number in range(1, count))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
        self._write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start))

    def _write(self, content: bytes) -> None:
        self.out.write(content)
        self.length += len(content)
