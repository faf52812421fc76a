"""A YAML text as a tree that knows where each value stands, so that single values can be changed in place. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass(eq=False)
class Place:
    """A value and where it stands. `target`: of an alias, the value it stands for; `flow`: written on one line."""

    start: int
    end: int
    column: int
    text: str = ""
    flow: bool = True
    anchor: str = ""
    target: Place | None = None
    items: list[Place] = field(default_factory=list)
    keys: list[Place] = field(default_factory=list)

    @property
    def meant(self) -> Place:
        """The value itself, or the one that an alias stands for."""
        return self.target or self

    def get(self, key: str) -> Place | None:
        """The value of a key of a mapping."""
        named = zip(self.meant.keys, self.meant.items, strict=False)
        return next((item for name, item in named if name.text == key), None)

    def pairs(self) -> Iterator[tuple[str, Place]]:
        """Keys and values of a mapping."""
        yield from ((name.text, item) for name, item in zip(self.meant.keys, self.meant.items, strict=True))

    def walk(self) -> Iterator[Place]:
        """This and everything below it, aliases not followed."""
        yield self
        for item in self.items:
            yield from item.walk()


def read_places(text: str) -> Place:
    """The tree of a text that is valid YAML."""
    events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
    anchors: dict[str, Place] = {}
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            return _read(text, next(events), events, anchors)
    raise ValueError("the text is empty")


def apply_edits(text: str, edits: Mapping[tuple[int, int], str]) -> str:
    """The text with each stretch replaced."""
    for (start, end), new in sorted(edits.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def copy_text(text: str, place: Place) -> tuple[int, str]:
    """Where the text of a value begins after its anchor, and that text."""
    whole = text[place.start : place.end]
    anchor = re.match(r"&\S+\s+", whole)
    skipped = anchor.end() if anchor else 0
    return place.start + skipped, whole[skipped:]


def _read(text: str, event: yaml.Event, events: Iterator[yaml.Event], anchors: dict[str, Place]) -> Place:
    place = Place(_index(event.start_mark), _index(event.end_mark), getattr(event.start_mark, "column", 0))
    if isinstance(event, yaml.AliasEvent):
        place.target = anchors[event.anchor or ""]
        return place
    if isinstance(event, yaml.NodeEvent) and event.anchor:
        place.anchor = event.anchor
        anchors[event.anchor] = place
    if isinstance(event, yaml.ScalarEvent):
        place.text = event.value
        place.start = copy_text(text, place)[0]
        return place
    place.flow = bool(getattr(event, "flow_style", True))
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    for inner in events:
        if isinstance(inner, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            place.end = _index(inner.end_mark)
            return place
        if is_mapping:
            place.keys.append(_read(text, inner, events, anchors))
            inner = next(events)
        place.items.append(_read(text, inner, events, anchors))
    raise ValueError("the text ends too early")


def _index(mark: Any) -> int:
    """Where a mark stands in the text; those of events that come from one always say it."""
    return int(mark.index)
