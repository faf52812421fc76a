"""What every reader of typed text returns: what was understood, or why it was not. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from dgready.localized_text import LocalizedText

Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True, slots=True)
class Understood(Generic[Value]):
    """A value, and what was understood, in words.

    `differs`: the words say something else than the text did, so the person should see them.
    """

    value: Value
    words: LocalizedText
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is no such value: a code for programs, a sentence for people."""

    code: str
    reason: LocalizedText

    def __str__(self) -> str:
        return self.reason.en
