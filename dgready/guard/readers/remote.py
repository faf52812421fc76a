"""Targets of links: whether opening the document would fetch something from another machine. PURE."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_SHARE: Final = re.compile(r"\A(?:file:)?(?:\\\\|//|/\\|\\/)(?![\\/])(?!localhost[\\/])[^\\/]", re.IGNORECASE)
_FILE_SHARE: Final = re.compile(r"\Afile:[\\/]{4,}[^\\/]", re.IGNORECASE)
_WEB: Final = re.compile(r"\A(?:https?|ftps?|mhtml|ms-\w+|smb|dav\w*|ldap):", re.IGNORECASE)


def is_share(target: str) -> bool:
    r"""Whether it is a share of another machine: \\host\..., //host/..., file://host/..., file:///\\host\...."""
    text = unquote(target).strip()
    if re.match(r"\Afile:[\\/]{3}(?=\\\\)", text, re.IGNORECASE):
        text = text[8:]
    return bool(_SHARE.match(text) or _FILE_SHARE.match(text))


def is_remote(target: str) -> bool:
    """Whether it is on another machine, share or web."""
    return is_share(target) or bool(_WEB.match(unquote(target).strip()))
