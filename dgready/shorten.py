"""Cutting a text that is too long for its place. PURE."""

from __future__ import annotations


def shorten(text: str, most: int) -> str:
    """The text, cut at a blank where it is too long; Thai is cut before a letter, never before a mark."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    cut = words[:most]
    while cut and "\u0e30" <= words[len(cut)] <= "\u0e4e" and words[len(cut)] not in "เแโใไ":
        cut = cut[:-1]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > most * 2 // 3 else cut).rstrip() + "…"
