"""Which place of the main menu a page belongs to, and which topic of the guides helps there; by name of the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from survey.models import Response


class PagePlace(NamedTuple):
    """Place of the menu (empty for none) and topic of the guides."""

    place: str
    topic: str


# The longest beginning of the address's name decides. Of a contribution, "answers" stands for its own places.
_PAGES: Final[Mapping[str, PagePlace]] = {
    "": PagePlace("", "start"),
    "accounts:": PagePlace("", "account"),
    "accounts:people": PagePlace("people", "people"),
    "accounts:person": PagePlace("people", "people"),
    "accounts:invite": PagePlace("people", "people"),
    "accounts:grant": PagePlace("people", "people"),
    "accounts:revoke": PagePlace("people", "people"),
    "accounts:deactivate": PagePlace("people", "people"),
    "accounts:end-sessions": PagePlace("people", "people"),
    "accounts:reactivate": PagePlace("people", "people"),
    "accounts:reset-": PagePlace("people", "people"),
    "accounts:sec": PagePlace("", "security"),
    "accounts:log": PagePlace("people", "security-log"),
    "accounts:central-log": PagePlace("all-people", "security-log"),
    "accounts:passkey": PagePlace("", "security"),
    "accounts:recovery": PagePlace("", "security"),
    "accounts:send-again": PagePlace("people", "people"),
    "accounts:withdraw": PagePlace("people", "people"),
    "accounts:central-": PagePlace("all-people", "people"),
    "accounts:province-token": PagePlace("people", "people"),
    "accounts:agenc": PagePlace("agencies", "agencies"),
    "accounts:province": PagePlace("provinces", "provinces"),
    "accounts:department": PagePlace("provinces", "departments"),
    "evidence:": PagePlace("form", "evidence"),
    "evidence:review": PagePlace("form", "evidence-review"),
    "evidence:library": PagePlace("library", "library"),
    "evidence:document": PagePlace("library", "library"),
    "evidence:scans": PagePlace("system", "evidence"),
    "nation:": PagePlace("nation", "nation"),
    "nation:agency-round": PagePlace("averages", "agency-rounds"),
    "nation:agency-year": PagePlace("nation", "agency-rounds"),
    "nation:act": PagePlace("nation", "acts"),
    "nation:scores": PagePlace("nation", "department-scores"),
    "nation:message": PagePlace("nation", "acts"),
    "nation:objection": PagePlace("score", "replies"),
    "nation:replies": PagePlace("nation", "replies"),
    "nation:reply": PagePlace("score", "replies"),
    "nation:reply-": PagePlace("nation", "replies"),
    "nation:reason": PagePlace("nation", "reasons"),
    "nation:example": PagePlace("nation", "reasons"),
    "nation:release": PagePlace("nation", "releases"),
    "nation:open": PagePlace("", "releases"),
    "nation:report": PagePlace("nation", "national-report"),
    "reports:": PagePlace("papers", "papers"),
    "reports:jobs": PagePlace("", "papers"),
    "reports:form": PagePlace("desk", "desk"),
    "reports:letter": PagePlace("papers", "letters"),
    "reports:system": PagePlace("system", "system"),
    "scoring:": PagePlace("score", "score"),
    "scoring:whatif": PagePlace("score", "plan"),
    "scoring:scenario": PagePlace("score", "plan"),
    "scoring:compare": PagePlace("score", "plan"),
    "scoring:plan": PagePlace("score", "plan"),
    "scoring:efforts": PagePlace("score", "plan"),
    "scoring:results-": PagePlace("provinces", "results"),
    "scoring:scheme": PagePlace("files", "files"),
    "scoring:fit": PagePlace("score", "results"),
    "scoring:fit-year": PagePlace("files", "results"),
    "scoring:form-move": PagePlace("rounds", "form-versions"),
    "survey:": PagePlace("", "start"),
    "survey:home": PagePlace("home", "home"),
    "survey:letter": PagePlace("people", "people"),
    "survey:round": PagePlace("home", "home"),
    "survey:calendar": PagePlace("home", "home"),
    "survey:round-": PagePlace("rounds", "rounds"),
    "survey:rounds": PagePlace("rounds", "rounds"),
    "survey:next-round": PagePlace("rounds", "rounds"),
    "survey:desk": PagePlace("desk", "desk"),
    "survey:part": PagePlace("desk", "desk"),
    "survey:part-review": PagePlace("desk", "handing-in"),
    "survey:part-done": PagePlace("desk", "handing-in"),
    "survey:parts-": PagePlace("board", "board"),
    "survey:board": PagePlace("board", "board"),
    "survey:whole-form": PagePlace("desk", "handing-in"),
    "survey:stand-in": PagePlace("desk", "stand-ins"),
    "survey:assign": PagePlace("assign", "assign"),
    "survey:response": PagePlace("form", "fill"),
    "survey:fill": PagePlace("form", "fill"),
    "survey:entry": PagePlace("form", "entry"),
    "survey:save": PagePlace("form", "fill"),
    "survey:answer": PagePlace("form", "fill"),
    "survey:history": PagePlace("form", "fill"),
    "survey:last-year": PagePlace("form", "carried"),
    "survey:thread": PagePlace("form", "threads"),
    "survey:carried": PagePlace("form", "carried"),
    "survey:consolidate": PagePlace("consolidate", "consolidate"),
    "survey:check": PagePlace("check", "check"),
    "survey:next-point": PagePlace("check", "check"),
    "survey:submit": PagePlace("check", "check"),
    "survey:withdraw": PagePlace("check", "check"),
    "survey:brief": PagePlace("brief", "brief"),
    "survey:changes": PagePlace("brief", "decide"),
    "survey:approve": PagePlace("brief", "decide"),
    "survey:return": PagePlace("brief", "decide"),
    "survey:reopen": PagePlace("papers", "reopen"),
    "survey:answers": PagePlace("answers", "read"),
    "survey:version": PagePlace("papers", "versions"),
    "survey:meeting": PagePlace("committee", "meetings"),
    "survey:meeting-opinions": PagePlace("committee", "opinions"),
    "survey:meeting-amend": PagePlace("committee", "amendments"),
    "survey:register": PagePlace("committee", "register"),
    "survey:delegation": PagePlace("committee", "delegation"),
    "survey:province-journal": PagePlace("journal", "journal"),
    "survey:journal": PagePlace("journal", "journal"),
    "survey:notices": PagePlace("", "notices"),
    "survey:year-f": PagePlace("files", "files"),
    "survey:mail-stop": PagePlace("", "notices"),
}
# Where a page belongs for those who lack its place: the list of assignments to who only reads the board.
_NEXT_BEST: Final = {
    "desk": "board",
    "form": "answers",
    "answers": "papers",
    "assign": "board",
    "averages": "board",
    "library": "own-library",
}
_OF_CONTRIBUTION: Final = {"form": "own-form", "check": "own-check"}


def page_place(view_name: str) -> PagePlace:
    """The place and the topic of a page by the name of its address, as resolver_match.view_name gives it."""
    known = [name for name in _PAGES if view_name.startswith(name)]
    return _PAGES[max(known, key=len)]


def current_place(view_name: str, response: Response | None, places: list[str]) -> str:
    """The place of a page in the menu of a user who has these `places`.

    A contribution belongs to its agency's own places; for others it is read from the board. Who has no place to fill
    the form reads its pages where the answers are.
    """
    place = page_place(view_name).place
    if response is not None and not response.is_provincial and place in _OF_CONTRIBUTION:
        own = _OF_CONTRIBUTION[place]
        return own if own in places else "board"
    return _NEXT_BEST[place] if place in _NEXT_BEST and place not in places else place
