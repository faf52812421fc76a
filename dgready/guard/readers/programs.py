"""Programs by their names and first bytes. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ENDINGS: Final = tuple(
    ".exe .dll .com .scr .pif .cpl .msi .msp .bat .cmd .ps1 .psm1 .vbs .vbe .js .jse .wsf .wsh .hta .lnk .jar .reg "
    ".sct .sh .app .deb .rpm .apk .iso .img .vhd .chm .inf .url .scf .xll .docm .dotm .xlsm .xltm .xlam .pptm .potm "
    ".ppsm .ppam .sldm".split()
)
_HEADS: Final = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00")


def is_program(names: Iterable[str], head: bytes) -> bool:
    """Whether a file is a program, a script, or a document with macros."""
    return head.startswith(_HEADS) or any(name.strip(" .\x00").casefold().endswith(_ENDINGS) for name in names)
