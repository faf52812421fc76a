"""What makes two requests for a file the same. PURE.

Two requests are the same when the same file would be made for both: the same kind and parameters of the same answer
in the same state, with the same figures from outside. Deny by default: a kind that is not named here is made for each
person of their own, and anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

# Made once for all who ask meanwhile: what is printed does not depend on who asks. Papers of a meeting show a
# member's opinions to some only, letters and extracts of the journal may name who asked.
SHARED_KINDS: Final = frozenset(
    {
        *("result", "questionnaire", "dga", "reasons", "score_sheet", "plan", "plan_sheet", "certificate"),
        *("blank", "assignments", "binder", "bundle", "index", "index_sheet"),
    }
)
# Given again once made: all that is printed is among RequestedState. A plan has its own progress, assignments their own
# changes, and a binder or bundle leaves out what is found infected later.
KEPT_KINDS: Final = frozenset({"result", "questionnaire", "dga", "reasons", "score_sheet", "certificate"})
OTHER_YEAR: Final = "year"  # a parameter: the paper is about another year's answer, whose state is not known here
GIVEN_AGAIN_FOR: Final = timedelta(days=1)  # how papers look changes with dgready itself


@dataclass(frozen=True, slots=True)
class RequestedState:
    """The state of an answer when a file of it was asked for.

    `version`, `head`: they move on with every event. `moves`: how often the form was exchanged. `scheme`, `figures`:
    checksums of the scoring scheme and of what is published; `period`, `name`: what is printed of round and province;
    `withheld`: how many files of evidence are infected.
    """

    response: int
    state: str
    version: int
    head: str
    moves: int
    scheme: str = ""
    figures: str = ""
    period: str = ""
    name: str = ""
    withheld: int = 0


def request_key(kind: str, params: Mapping[str, Any], state: RequestedState, person: int | None) -> str:
    """The key of a request: equal for two requests that are the same, different for any others.

    `person` counts only for kinds that are not shared.
    """
    asked = {"kind": kind, "params": dict(params), "of": asdict(state), "by": None if is_shared(kind) else person}
    return sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def is_shared(kind: str) -> bool:
    """Whether one file serves all who ask for it at the same time."""
    return kind in SHARED_KINDS


def is_given_again(kind: str, params: Mapping[str, Any]) -> bool:
    """Whether a file that is made already serves who asks later, as long as the state is the same."""
    return kind in KEPT_KINDS and OTHER_YEAR not in params
