"""Papers that are to be kept (PDF/A-3, still tagged): their attached files, and what WeasyPrint leaves to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pikepdf
from weasyprint import Attachment

ARCHIVE_VARIANT: Final = "pdf/a-3a"

# PDF/A knows no property of PDF/UA, so the paper has to describe the one it uses.
_UA_METADATA: Final = b"""
<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>part of ISO 14289</pdfaProperty:description></rdf:li>
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END: Final = b"</rdf:RDF>"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file attached to a paper, which is the paper's source or another form of it."""

    name: str
    description: str
    content: bytes
    made_at: datetime


def attachments(enclosures: Sequence[Enclosure]) -> list[Attachment]:
    """The files as WeasyPrint takes them."""
    return [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            created=one.made_at.astimezone(UTC),
            modified=one.made_at.astimezone(UTC),
            relationship="Source",
        )
        for one in enclosures
    ]


def finish_archive(pdf: pikepdf.Pdf, language: str) -> None:
    """Says that the paper is also PDF/UA, and names each attached file once, in the order of names."""
    metadata = pdf.Root.Metadata.read_bytes()
    if b"rdf:RDF" not in metadata:
        raise ValueError("the metadata has no rdf:RDF")
    pdf.Root.Metadata = pdf.make_stream(
        metadata.replace(_END, _UA_METADATA + _END, 1), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.Root.Lang = pikepdf.String(language)
    pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
    listed = {one.objgen: one for one in pdf.Root.AF}
    pdf.Root.AF = pikepdf.Array(list(listed.values()))
    files = sorted(listed.values(), key=lambda one: bytes(one.UF))
    pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(
        Names=pikepdf.Array([part for one in files for part in (one.UF, one)])
    )
