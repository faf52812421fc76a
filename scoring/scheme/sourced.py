"""Numbers, rules and statements of a scheme together with where they come from. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from survey.instrument.schema import LocalizedText

Origin = Literal["official", "recovered", "assumed", "estimated", "external"]


Quantity = int | Decimal | None  # how much of something; None: unknown or without limit


NO_TEXT = LocalizedText()


@dataclass(frozen=True, slots=True)
class SourcedNumber:
    """A number of the scheme and where it comes from."""

    value: Decimal
    origin: Origin
    source: LocalizedText


@dataclass(frozen=True, slots=True)
class SourcedRule:
    """A rule of the scheme (how parts are joined, how an index is rounded) and where it comes from."""

    value: str
    origin: Origin
    source: LocalizedText


@dataclass(frozen=True, slots=True)
class SourcedText:
    """A statement of the scheme in words and where it comes from."""

    text: LocalizedText
    origin: Origin
    source: LocalizedText


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A page outside where a figure is published or explained."""

    name: LocalizedText
    address: str
