#!/usr/bin/env python3
"""Draw the tables of transitions into docs/states.md; a test fails while the page is not what they say.

.venv/bin/python scripts/draw_states.py
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")

import django  # noqa: E402

PAGE = ROOT / "docs" / "states.md"
HEAD = """# States

Drawn by `scripts/draw_states.py` from the tables in `survey/states.py` and `survey/part_states.py`, the only places
where a state changes. Each step needs its capability and all its guards; under the response's lock, so of two people at
once the first wins and the second is told. Which roles hold a capability stands in `accounts/roles.py`.

Guards: *round open*: approval has not closed · *in time*: nor has the province submitted, nor is the committee's
last day past · *answered*: something is answered · *replied*: comments that demand an answer have one ·
*explained*: every open point has a reason · *resolved*: there is a resolution on every sub-pillar · *no meeting
ahead*: every meeting is concluded · *remarked*: what to change is written · *reasoned*: a reason is given.
"""


def _roles(capability: str) -> str:
    from accounts.roles import ROLE_CAPABILITIES

    return ", ".join(str(r.value).replace("_", " ") for r, held in ROLE_CAPABILITIES.items() if capability in held)


def _diagram(rows: Iterable[Any], first: str) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {first}"
    for row in rows:
        yield from (f"    {source.value} --> {row.target.value}: {row.name}" for source in row.sources)
    yield "```"


def _table(rows: Iterable[Any]) -> Iterator[str]:
    yield "| step | from | to | capability | held by | guards |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        sources = ", ".join(source.value for source in row.sources)
        guards = ", ".join(guard.replace("_", " ") for guard in row.guards) or "–"
        cells = (row.name, sources, row.target.value, f"`{row.cap}`", _roles(row.cap), guards)
        yield f"| {' | '.join(cells)} |"


def page() -> str:
    """The whole page."""
    from survey import part_states, states

    parts: list[str] = [HEAD]
    for title, rows, first in (
        ("The provincial response", states.PROVINCIAL, "draft"),
        ("An agency's part", part_states.PART, "open"),
    ):
        parts += [f"## {title}\n", *_diagram(rows, first), "", *_table(rows), ""]
    return "\n".join(parts)


def main() -> int:
    """Write the page."""
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
