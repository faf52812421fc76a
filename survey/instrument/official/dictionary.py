"""The Thai dictionary by which official wordings are repaired: pythainlp's list of words, read from the package."""

from __future__ import annotations

from collections.abc import Collection


def thai_dictionary() -> Collection[str]:
    """About 62,000 Thai words. Nothing is fetched; imported when first asked for, since only one command needs it."""
    from pythainlp.corpus import thai_words

    words: frozenset[str] = thai_words()
    return words
