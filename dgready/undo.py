"""An act that can be undone where it was done: what pages show of it (templates/components/_undo.html). PURE."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Undo:
    """What was done, in words, and the address whose post undoes it.

    `query`: the query string under which a page shows it again after a redirect. `about`: what the button is about,
    for those who hear the page. `subject`: the id of what changes again, for a page's script; "" where that is plain.
    """

    text: str
    url: str
    query: str = ""
    about: str = ""
    subject: str = ""
