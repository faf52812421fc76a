"""How much a signed paper proves by itself (ETSI EN 319 142-1). PURE."""

from __future__ import annotations

from enum import StrEnum


class SignatureLevel(StrEnum):
    """The baseline levels that the installation makes, each with all of the one before."""

    BASIC = "B-B"
    """Signed."""
    TIMED = "B-T"
    """With a time stamp of an authority."""
    LONG_TERM = "B-LT"
    """With the certificates and the lists of revoked ones, so that it can be checked once they have expired."""

    @property
    def is_timed(self) -> bool:
        """Whether it bears a time stamp."""
        return self is not SignatureLevel.BASIC


class LevelUnavailable(Exception):
    """A level cannot be reached now; `next_best` can. The text is for operators."""

    def __init__(self, next_best: SignatureLevel, text: str) -> None:
        super().__init__(text)
        self.next_best = next_best
