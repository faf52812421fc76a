"""Cleaning of file names, so that they are safe to store, show and download. PURE."""

from __future__ import annotations

import re
import unicodedata

from dgready.thai import normalise_text

MAX_NAME_LENGTH = 150  # characters, extension included
FILE_EXTENSIONS = {"jpeg": "jpg"}  # where it is not the kind itself
_ALIASES = {"jpeg": ("jpg", "jpeg", "jpe", "jfif")}
_SEPARATORS = re.compile(r"[/\\]+")
_FORBIDDEN = re.compile(r'[<>:"|?*]+')
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9}|[0-9][A-Za-z][A-Za-z0-9]{0,8})\Z")
_DEVICE_NAMES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)
_FALLBACK_NAME = "เอกสาร"


def clean_file_name(name: str, kind: str) -> str:
    """The last part of the name without anything misleading, with the extension of `kind`."""
    text = "".join(" " if c in "\t\r\n" else c for c in normalise_text(str(name)[-4000:]))
    text = _SEPARATORS.split(text)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    text = " ".join(_FORBIDDEN.sub("_", text).split()).strip(". ")
    stem = _without_extension(text, kind)
    if _DEVICE_NAMES.match(stem):
        stem = f"_{stem}"
    extension = "." + FILE_EXTENSIONS.get(kind, kind)
    return _truncate(stem, MAX_NAME_LENGTH - len(extension)) + extension


def clean_folder_name(name: str) -> str:
    """One part of a path that every system takes: no separators, nothing misleading, no name of a device."""
    text = _SEPARATORS.sub("-", normalise_text(name))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    text = " ".join(_FORBIDDEN.sub("_", text).split()).strip(". ")
    return f"_{text}" if _DEVICE_NAMES.match(text) else text or _FALLBACK_NAME


def _without_extension(text: str, kind: str) -> str:
    extensions = _ALIASES.get(kind, (kind,))
    stem = _EXTENSION.sub("", text).rstrip(". ")
    if stem != text:  # "paper.pdf.exe" that is a PDF is "paper.pdf"
        match = _EXTENSION.search(stem)
        if match and match[1].lower() in extensions:
            stem = stem[: match.start()].rstrip(". ")
    return (stem.strip("_ ") and stem) or _FALLBACK_NAME


def _truncate(stem: str, length: int) -> str:
    if len(stem) <= length:
        return stem
    while length > 1 and unicodedata.category(stem[length]) == "Mn":
        length -= 1  # a vowel or tone mark stays with its consonant
    return stem[:length].rstrip(". ") or _FALLBACK_NAME
