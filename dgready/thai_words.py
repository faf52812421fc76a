"""Thai words by pythainlp, from its package: a dictionary, and cutting a text apart. Nothing is fetched. PURE."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

# Without these words the library would make a folder in somebody's home, and look for newer lists.
os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
os.environ.setdefault("PYTHAINLP_OFFLINE", "1")


@cache
def thai_dictionary() -> frozenset[str]:
    """About 62,000 Thai words."""
    from pythainlp.corpus import thai_words  # read when first asked for: pages never need it

    words: frozenset[str] = thai_words()
    return words


def cut_words(text: str) -> list[str]:
    """The words of a text one after the other, blanks and signs too: joined they are the text."""
    return _cutter()(text) if text else []


@cache
def _cutter() -> Callable[[str], list[str]]:
    from pythainlp.tokenize.newmm import segment  # builds a tree of the dictionary: only where texts are cut

    return lambda text: segment(text, safe_mode=True)
