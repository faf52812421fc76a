"""XML parts of a document, read with defusedxml: no entity, nothing from outside. PURE."""

from __future__ import annotations

import zipfile
from collections.abc import Container, Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from dgready.guard.readers.verdict import NotAccepted

MAX_BYTES: Final = 64 << 20  # bytes of a part that is read as XML


def elements(
    package: zipfile.ZipFile, name: str, emptied: Container[str] | None = None
) -> Iterator[tuple[str, Element]]:
    """(event, element) of a part in its order: "start" and "end"; an element is emptied after its end.

    `emptied`: the tags for which that holds, where the text between elements counts.
    """
    if package.getinfo(name).file_size > MAX_BYTES:
        raise NotAccepted("bomb")
    with package.open(name) as part:
        walk: Any = iterparse(part, events=("start", "end"), forbid_dtd=False, forbid_entities=True)
        for event, element in walk:
            yield event, element
            if event == "end" and (emptied is None or local(element.tag) in emptied):
                element.clear()


def closed(package: zipfile.ZipFile, name: str) -> Iterator[Element]:
    """The elements of a part, each when it ends."""
    return (element for event, element in elements(package, name) if event == "end")


def local(tag: str) -> str:
    """A tag or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name; empty where there is none."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")
