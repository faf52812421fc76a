"""What a browser calls itself, in two words a person knows. PURE."""

from __future__ import annotations

import re
from typing import Final

# The first that is found counts: most browsers also name those they are like.
_PROGRAMS: Final = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("LINE", r"\bLine/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS: Final = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)


def browser_name(agent: str) -> str:
    """Such as "Chrome, Windows"; empty for what is not known."""
    found = (
        next((name for name, pattern in names if re.search(pattern, agent)), "") for names in (_PROGRAMS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
