"""The refusal of a transition, with its reason and a text for people."""

from __future__ import annotations

from typing import Literal

RefusalReason = Literal["state", "capability", "closed", "guard", "changed"]


class TransitionRefused(Exception):
    """A transition was refused; the text is for people. `reason` "guard": the person's input is not enough."""

    def __init__(self, why: RefusalReason, text: str) -> None:
        super().__init__(text)
        self.reason = why
