#!/usr/bin/env python3
"""Draw the tables of transitions into docs/states.md and its two pictures; a test fails while these are stale.

.venv/bin/python scripts/draw_states.py
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")

import django  # noqa: E402

PAGE = Path("docs/states.md")
HEAD = """# States

Drawn by `scripts/draw_states.py` from the tables in `survey/workflow/response_transitions.py` and
`survey/workflow/part_transitions.py`, which alone say where a state may change. Each step needs its capability and all
its guards, and is made under the response's lock: of two people at once the first wins and the second is told who was
first. Which roles hold a capability stands in `accounts/roles.py`; a delegate holds the governor's on the days of the
delegation and no other.

In the pictures a line stands for a state, a row for a step: from the dot to the tip of the arrow.
"""
# Sizes in pixels.
LEFT, STEP, WIDE, TALL, EDGE = 270, 220, 206, 42, 8
ROW, LINE, REACH = 24, 12, 4
INK, SOFT, RULE, ARROW, FILL = "#1b2350", "#545b71", "#c3cad9", "#2c3a8c", "#e8ebf8"
FONT = "Sarabun, Noto Sans Thai, sans-serif"
TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="11" '
    f'markerHeight="11" orient="auto"><path d="M0 0L8 4L0 8z" fill="{ARROW}"/></marker></defs>'
)


@dataclass(frozen=True)
class Drawn:
    """A table as it is drawn: its heading, the file of its picture, its rows, where things begin, its guards."""

    title: str
    picture: Path
    rows: Sequence[Any]
    first: str
    guards: Mapping[str, Callable[..., str]]

    @property
    def states(self) -> list[Any]:
        """The states in the order in which the steps meet them, the first one at the left."""
        met = [s for row in self.rows for s in (*row.sources, row.target)]
        return sorted(dict.fromkeys(met), key=lambda s: s.value != self.first)


def tables() -> tuple[Drawn, Drawn]:
    """Both tables."""
    from survey.workflow.part_guards import PART_GUARDS
    from survey.workflow.part_transitions import PART_TRANSITIONS
    from survey.workflow.response_guards import RESPONSE_GUARDS
    from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS

    whole = Drawn(
        "The provincial answer", Path("docs/img/states.svg"), PROVINCIAL_TRANSITIONS, "draft", RESPONSE_GUARDS
    )
    part = Drawn(
        "An agency's part",
        Path("docs/img/part-states.svg"),
        PART_TRANSITIONS,
        "open",
        PART_GUARDS,
    )
    return whole, part


# -- pictures ---------------------------------------------------------------------------------------


def _text(x: int, y: int, text: str, *, size: int, end: bool = False, strong: bool = False, soft: bool = False) -> str:
    anchor = "end" if end else "middle"
    return (
        f'<text x="{x}" y="{y}" fill="{SOFT if soft else INK}" font-size="{size}" '
        f'font-weight="{600 if strong else 400}" text-anchor="{anchor}" font-family="{FONT}">{escape(text)}</text>'
    )


def _arrow(start: int, end: int, y: int) -> Iterator[str]:
    yield f'<circle cx="{start}" cy="{y}" r="{REACH}" fill="{ARROW}"/>'
    if start == end:
        way = f"M{start} {y}C{start + 60} {y - 12} {start + 60} {y + 12} {start + 5} {y + 2}"
    else:
        way = f"M{start} {y}L{end - 3 if end > start else end + 3} {y}"
    yield f'<path d="{way}" fill="none" stroke="{ARROW}" stroke-width="2" marker-end="url(#tip)"/>'


def _label(row: Any) -> str:
    """The name of a step, as provinces have it."""
    from accounts.respondents import RespondentKind, respondent_words

    return str(row.label) % respondent_words(RespondentKind.PROVINCE)


def picture(table: Drawn) -> str:
    """The table as SVG: a column for each state, a row for each step."""
    place = {state: LEFT + STEP // 2 + STEP * number for number, state in enumerate(table.states)}
    body: list[str] = []
    y = EDGE + TALL + ROW + 15
    for row in table.rows:
        body.append(_text(LEFT - 8, y + 3, row.name, size=14, end=True, strong=True))
        body.append(_text(LEFT - 8, y + 19, f"{row.capability} · {_label(row)}", size=10, end=True, soft=True))
        for number, source in enumerate(row.sources):
            body += _arrow(place[source], place[row.target], y + LINE * number)
        y += max(LINE * (len(row.sources) - 1), LINE) + ROW + 18
    width, height = LEFT + STEP * len(place) + 10, y
    name = escape(f"{table.title}: {', '.join(state.value for state in place)}")
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{name}">',
        f"<title>{name}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        TIP,
    ]
    for state, x in place.items():
        head.append(f'<line x1="{x}" y1="{EDGE + TALL}" x2="{x}" y2="{height - 10}" stroke="{RULE}" stroke-width="2"/>')
        head.append(
            f'<rect x="{x - WIDE // 2}" y="{EDGE}" width="{WIDE}" height="{TALL}" rx="8" fill="{FILL}" stroke="{INK}"/>'
        )
        head.append(_text(x, EDGE + 16, state.value, size=14, strong=True))
        head.append(_text(x, EDGE + 34, str(state.label), size=11, soft=True))
    return "\n".join([*head, *body, "</svg>", ""])


# -- the page ---------------------------------------------------------------------------------------


def _roles(capability: str) -> str:
    from accounts.roles import ROLE_CAPABILITIES

    return ", ".join(str(r.value).replace("_", " ") for r, held in ROLE_CAPABILITIES.items() if capability in held)


def _table(rows: Iterable[Any]) -> Iterator[str]:
    yield "| step | from | to | capability | held by | guards |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        sources = ", ".join(source.value for source in row.sources)
        guards = ", ".join(guard.replace("_", " ") for guard in row.guards) or "–"
        cells = (row.name, sources, row.target.value, f"`{row.capability}`", _roles(row.capability), guards)
        yield f"| {' | '.join(cells)} |"


def _guards(guards: Mapping[str, Callable[..., str]]) -> Iterator[str]:
    for name, guard in guards.items():
        says = " ".join((guard.__doc__ or "").split()).rstrip(".")
        yield f"- *{name.replace('_', ' ')}*: {says[:1].lower()}{says[1:]}"


def page() -> str:
    """The whole page."""
    parts: list[str] = [HEAD]
    for table in tables():
        link = f"![{table.title}: its states and steps]({table.picture.relative_to('docs')})"
        parts += [f"## {table.title}\n", link, "", *_table(table.rows), "", "Guards:", "", *_guards(table.guards), ""]
    return "\n".join(parts)


def rendered_files() -> dict[Path, str]:
    """Everything that is drawn, by its path in the tree; the states' names on the pages are the Thai ones."""
    from django.utils import translation

    with translation.override("th"):
        return {PAGE: page(), **{table.picture: picture(table) for table in tables()}}


def main() -> int:
    """Write the page and the pictures."""
    django.setup()
    for path, text in rendered_files().items():
        (ROOT / path).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
