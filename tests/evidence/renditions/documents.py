"""Small office documents for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx(paragraphs: Iterable[str], font: str = "TH SarabunPSK") -> bytes:
    """A Word document, each paragraph at 16 points as government documents are."""
    faces = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:cs/>'
    body = "".join(f"<w:p><w:r><w:rPr>{faces}</w:rPr><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    kinds = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
    )
    to = f'<Relationship Id="r1" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{kinds}</Types>')
        package.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{to}</Relationships>')
        package.writestr("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()
