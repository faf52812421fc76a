"""OLE containers inside Office documents: macros, wrapped programs, objects of other programs. PURE."""

from __future__ import annotations

from typing import BinaryIO

import olefile

from dgready.guard.readers.verdict import Active


def inspect_ole(file: BinaryIO, name: str) -> set[Active]:
    """What a container is: a project of macros, a wrapped file (which may be a program), or another object."""
    if name.lower().endswith("vbaproject.bin"):
        return {Active.MACRO}
    try:
        with olefile.OleFileIO(file) as container:
            streams = {"/".join(path).casefold() for path in container.listdir()}
    except Exception:  # olefile raises whatever a damaged container provokes
        return {Active.OLE}
    found = {Active.OLE}
    if any(stream.endswith("\x01ole10native") for stream in streams):
        found.add(Active.PROGRAM)
    if any("vba" in stream.split("/") or stream.endswith("/dir") for stream in streams):
        found.add(Active.MACRO)
    return found
