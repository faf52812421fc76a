"""Files with active content, made by script: name → (content, what is found in it)."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.hostile.files import archive, odf, ooxml

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A PDF of one page after a change; object streams and all."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def attached(name: str, content: bytes) -> bytes:
    """A PDF with an attached file."""

    def change(document: pikepdf.Pdf) -> None:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)

    return changed(change)


def opening(action: Dictionary) -> bytes:
    """A PDF that does something when it is opened."""
    return changed(lambda document: document.Root.__setitem__("/OpenAction", document.make_indirect(action)))


def annotated(annotation: Dictionary) -> bytes:
    """A PDF with an annotation on its page, written inside the page."""
    return changed(lambda document: document.pages[0].obj.__setitem__("/Annots", Array([annotation])))


def named_script(document: pikepdf.Pdf) -> None:
    action = document.make_indirect(Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)")))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))


def hidden_name() -> bytes:
    """A script whose name is written with a code in it."""
    content = annotated(Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.JavaScript, JS=String("1"))))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue().replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


def related(kind: str, target: str, part: str = "word/_rels/document.xml.rels") -> dict[str, str]:
    """A relationship to something outside."""
    one = f'<Relationship Id="r1" Type="{RELATIONS}{kind}" Target="{target}" TargetMode="External"/>'
    return {part: f'<Relationships xmlns="x">{one}</Relationships>'}


def field(*runs: str) -> str:
    """A Word document with a field whose code is spread over runs; `{`, `}` and `|` are marks."""
    marks = {"{": "begin", "|": "separate", "}": "end"}
    mark = '<w:fldChar w:fldCharType="{}"/>'
    inner = [mark.format(marks[r]) if r in marks else f"<w:instrText>{r}</w:instrText>" for r in runs]
    body = "".join(f"<w:r>{each}</w:r>" for each in inner)
    return f'<w:document xmlns:w="{W}"><w:body><w:p>{body}</w:p></w:body></w:document>'


def word(*runs: str) -> bytes:
    """The document as a file."""
    return replaced(**{"word/document.xml": field(*runs)})


def replaced(**parts: str) -> bytes:
    """A docx with other parts in the place of its own."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(ooxml("docx"))) as package:
        return archive({**{name: package.read(name) for name in package.namelist()}, **parts})


def content_xml(body: str) -> dict[str, str]:
    """The content part of an OpenDocument file."""
    spaces = "office text draw script xlink table".split()
    names = " ".join(f'xmlns:{space}="urn:{space}"' for space in spaces)
    return {"content.xml": f"<office:document-content {names}>{body}</office:document-content>"}


def opendocument(body: str, kind: str = "odt") -> bytes:
    """An OpenDocument file with that content."""
    media = {"odt": "text", "ods": "spreadsheet"}[kind]
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{media}", **content_xml(body)})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
LIBRARY = '<l:library xmlns:l="l"><l:element l:name="Module1"/></l:library>'

ACTIVE: dict[str, tuple[bytes, set[str]]] = {
    # PDF
    "script on opening.pdf": (opening(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))), {"script"}),
    "script by name.pdf": (changed(named_script), {"script"}),
    "script of a field.pdf": (
        annotated(Dictionary(Subtype=Name.Link, AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("1"))))),
        {"script"},
    ),
    "script hidden.pdf": (hidden_name(), {"script"}),
    "script of a film.pdf": (annotated(Dictionary(A=Dictionary(S=Name.Rendition, JS=String("1")))), {"script"}),
    "script later.pdf": (
        opening(Dictionary(S=Name.GoTo, Next=Dictionary(S=Name.JavaScript, JS=String("1")))),
        {"script"},
    ),
    "launch.pdf": (opening(Dictionary(S=Name.Launch, F=String("cmd.exe"))), {"launch"}),
    "media.pdf": (annotated(Dictionary(Subtype=Name.RichMedia)), {"media"}),
    "share.pdf": (opening(Dictionary(S=Name.GoToR, F=String(r"\\host\share\a.pdf"))), {"link"}),
    "program.pdf": (attached("a.pdf", b"MZ\x90\x00program"), {"program"}),
    "program by name.pdf": (attached("invoice.js", b"var a"), {"program"}),
    # Office
    "macro.docx": (ooxml("docx", {"word/vbaProject.bin": OLE}), {"macro"}),
    "macro sheet.xlsx": (ooxml("xlsx", {"xl/macrosheets/sheet1.xml": "<a/>"}), {"macro"}),
    "object.docx": (ooxml("docx", {"word/embeddings/oleObject1.bin": OLE}), {"ole"}),
    "program.docx": (ooxml("docx", {"word/embeddings/a.bin": b"MZ program"}), {"program"}),
    "archive.docx": (ooxml("docx", {"word/embeddings/a.bin": archive({"a.exe": "MZ"})}), {"program"}),
    "macro inside.docx": (
        ooxml("docx", {"word/embeddings/a.xlsx": ooxml("xlsx", {"xl/vbaProject.bin": OLE})}),
        {"macro"},
    ),
    "control.docx": (ooxml("docx", {"word/activeX/activeX1.xml": "<a/>"}), {"control"}),
    "template.docx": (
        ooxml("docx", related("attachedTemplate", "https://host/a.dotm", "word/_rels/settings.xml.rels")),
        {"template"},
    ),
    "template of a share.docx": (
        ooxml("docx", related("attachedTemplate", r"file:///\\host\a.dotm", "word/_rels/settings.xml.rels")),
        {"template"},
    ),
    "picture of a share.docx": (ooxml("docx", related("image", r"\\host\a.png")), {"link"}),
    "frame.docx": (ooxml("docx", related("frame", "http://host/a.html")), {"link"}),
    "object of the web.docx": (ooxml("docx", related("oleObject", "http://host/a.rtf")), {"link"}),
    "book of a share.xlsx": (
        ooxml("xlsx", related("externalLinkPath", "file://host/share/a.xlsx", "xl/externalLinks/_rels/a.xml.rels")),
        {"link"},
    ),
    "dde.docx": (word("{", r'DDEAUTO c:\\cmd.exe "/k calc"', "|", "}"), {"dde"}),
    "dde in pieces.docx": (word("{", " D", "DE", "AUTO cmd ", "}"), {"dde"}),
    "dde quoted.docx": (word("{", "{", " QUOTE 68 68 69 65 85 84 79 ", "}", " cmd", "}"), {"dde"}),
    "dde inside.docx": (word("{", "IF 1 = ", "{", "DDE cmd a", "}", "}"), {"dde"}),
    "dde simple.docx": (
        replaced(
            **{"word/document.xml": f'<w:p xmlns:w="{W}"><w:fldSimple w:instr="DDEAUTO cmd &quot;/c&quot;"/></w:p>'}
        ),
        {"dde"},
    ),
    "text of the web.docx": (word("{", 'INCLUDETEXT "https://host/a.docx"', "}"), {"link"}),
    "picture field.docx": (word("{", r'INCLUDEPICTURE "\\\\host\\a.png" \d', "}"), {"link"}),
    "dde.xlsx": (
        ooxml("xlsx", {"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"}),
        {"dde"},
    ),
    # OpenDocument
    "macro.odt": (odf("odt", {"Basic/Standard/Module1.xml": "<a/>"}), {"macro"}),
    "macro listed.odt": (odf("odt", {"Basic/Standard/script-lb.xml": LIBRARY}), {"macro"}),
    "script.odt": (odf("odt", {"Scripts/python/a.py": "import os"}), {"script"}),
    "event.odt": (
        opendocument('<script:event-listener xlink:href="vnd.sun.star.script:a.b?language=Basic"/>'),
        {"macro"},
    ),
    "dde.odt": (opendocument("<text:dde-connection-decl/>"), {"dde"}),
    "dde.ods": (opendocument("<table:dde-link/>", "ods"), {"dde"}),
    "section.odt": (opendocument('<text:section-source xlink:href="https://host/a.odt"/>'), {"link"}),
    "picture of a share.odt": (opendocument('<draw:image xlink:href="file://host/a.png"/>'), {"link"}),
    "object.odt": (odf("odt", {"Object 1": OLE}), {"ole"}),
}  # fmt: skip

HARMLESS: dict[str, bytes] = {
    "goes to a page.pdf": opening(Dictionary(S=Name.GoTo, D=String("chapter"))),
    "web address.pdf": annotated(Dictionary(A=Dictionary(S=Name.URI, URI=String("https://example.org")))),
    "text about scripts.pdf": changed(lambda d: d.docinfo.__setitem__("/Title", "/JS /JavaScript /Launch")),
    "attached table.pdf": attached("data.csv", b"a,b\n1,2\n"),
    "other file beside it.pdf": opening(Dictionary(S=Name.GoToR, F=String("annex.pdf"))),
    "link.docx": ooxml("docx", related("hyperlink", "https://example.org")),
    "link to a share.docx": ooxml("docx", related("hyperlink", r"file:///\\server\share")),
    "own template.docx": ooxml(
        "docx", related("attachedTemplate", r"file:///C:\Users\a\Normal.dotm", "word/_rels/settings.xml.rels")
    ),
    "picture of the web.docx": ooxml("docx", related("image", "https://example.org/a.png")),
    "book beside it.xlsx": ooxml("xlsx", related("externalLinkPath", "a.xlsx", "xl/externalLinks/_rels/a.xml.rels")),
    "chart.docx": ooxml("docx", {"word/embeddings/a.xlsx": ooxml("xlsx")}),
    "printer.xlsx": ooxml("xlsx", {"xl/printerSettings/printerSettings1.bin": b"\x00" * 500}),
    "fields.docx": word("{", " PAGE ", "|", "1", "}", "{", 'HYPERLINK "https://DDE.example.org"', "|", "}"),
    "about dde.docx": word("{", ' TITLE "DDE" ', "|", "}"),
    "link.odt": opendocument('<text:a xlink:href="https://example.org">x</text:a>'),
    "picture.odt": opendocument('<draw:image xlink:href="Pictures/a.png"/>'),
}
