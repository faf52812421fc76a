"""PDF files, looked through with pikepdf: pages, what a reader would not see, what does something by itself. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import pikepdf

from dgready.guard.readers.programs import is_program
from dgready.guard.readers.verdict import Active, Inspected, NotAccepted

STREAM: Final = 256 << 20  # bytes of one decoded stream
_MAX_DEPTH: Final = 50  # of values inside values
_HEAD: Final = 4096  # bytes of an embedded file that are looked at

# Names in which anything active shows; qpdf writes each name in one spelling, whatever the file's own was.
_SUSPECT: Final = re.compile(rb"/(?:JS|JavaScript|Launch|RichMedia\w*|EF|GoTo[RE]|Thread|ImportData)(?![\w.#-])")
_SUBTYPES: Final = {"/RichMedia": Active.MEDIA}
_ACTIONS: Final = {"/JavaScript": Active.SCRIPT, "/Launch": Active.LAUNCH}
_REMOTE: Final = re.compile(r"(?:\\\\|//)[^\\/]", re.ASCII)


def inspect_pdf(file: BinaryIO) -> Inspected:
    """The number of pages and what else is in it. Raises NotAccepted."""
    pikepdf.settings.set_qpdf_limits(flate_max_memory=STREAM, png_max_memory=STREAM, tiff_max_memory=STREAM)
    try:
        with pikepdf.open(file, suppress_warnings=True) as pdf:
            return _inspect(pdf)
    except NotAccepted:
        raise
    except pikepdf.PasswordError:
        raise NotAccepted("encrypted_pdf") from None
    except Exception as error:  # whatever a hostile file provokes, it is a broken file
        raise NotAccepted("broken_pdf") from error


def _inspect(pdf: pikepdf.Pdf) -> Inspected:
    pages = len(pdf.pages)
    root = pdf.Root
    # What a reader sees of these is a cover page that asks for another program.
    if "/Collection" in root:
        raise NotAccepted("portfolio")
    if "/XFA" in root.get("/AcroForm", {}):
        raise NotAccepted("xfa")
    if not pages:
        raise NotAccepted("no_pages")
    active: set[Active] = set()
    for value in pdf.objects:
        active |= _look_at(value)
    # The trailer's own dictionaries may be direct ones, which are no objects of the file.
    active |= _look_at(pdf.trailer)
    return Inspected("pdf", "application/pdf", pages, active, restricted=pdf.is_encrypted)


def _look_at(value: Any) -> set[Active]:
    """What is active in an object of the file; most are dismissed by their text."""
    if not isinstance(value, pikepdf.Object):
        return set()
    dictionary = value.stream_dict if isinstance(value, pikepdf.Stream) else value
    if not _SUSPECT.search(dictionary.unparse(resolved=True)):
        return set()
    return {found for each in _dictionaries(dictionary) for found in _active(each)}


def _dictionaries(value: Any, depth: int = 0) -> Iterator[pikepdf.Dictionary]:
    """The dictionaries that are written inside this value, itself included; not those it refers to."""
    if depth > _MAX_DEPTH:
        raise NotAccepted("broken_pdf")
    if isinstance(value, pikepdf.Dictionary):
        yield value
        inner: Any = [value[key] for key in value.keys()]  # noqa: SIM118 - a pikepdf dictionary
    elif isinstance(value, pikepdf.Array):
        inner = list(value)
    else:
        return
    for each in inner:
        if isinstance(each, pikepdf.Object) and not each.is_indirect:
            yield from _dictionaries(each, depth + 1)


def _active(found: pikepdf.Dictionary) -> Iterator[Active]:
    action = str(found.get("/S", ""))
    if action in _ACTIONS:
        yield _ACTIONS[action]
    elif "/JS" in found and action in ("", "/Rendition"):
        yield Active.SCRIPT
    elif action in ("/GoToR", "/GoToE", "/Thread", "/ImportData") and _is_remote(found.get("/F")):
        yield Active.LINK
    if str(found.get("/Subtype", "")) in _SUBTYPES:
        yield Active.MEDIA
    if "/EF" in found and _holds_program(found):
        yield Active.PROGRAM


def _is_remote(target: Any) -> bool:
    """Whether a file specification names another machine."""
    if isinstance(target, pikepdf.Dictionary):
        return any(_is_remote(target.get(key)) for key in ("/F", "/UF"))
    return isinstance(target, pikepdf.String) and bool(_REMOTE.match(str(target)))


def _holds_program(specification: pikepdf.Dictionary) -> bool:
    """Whether an attached file is a program, by its name or its first bytes."""
    names = [str(specification[key]) for key in ("/F", "/UF") if key in specification]
    streams = [value for _key, value in specification.EF.items() if isinstance(value, pikepdf.Stream)]
    return any(is_program(names, stream.read_bytes()[:_HEAD]) for stream in streams) or is_program(names, b"")
