"""Warnings about the Thai of an instrument file: what the house writes otherwise, each with its line. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dgready.wording import wording_faults
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml


def spelling_warnings(text: str) -> list[Fault]:
    """The warnings about the Thai texts of a file, in line order; none for a file that cannot be read."""
    try:
        data = read_yaml(text)
    except SourceError:
        return []
    return sorted({*_warnings(data, "file")})


def _warnings(data: Any, where: str) -> Iterator[Fault]:
    """Warnings about a node and what is below it; the nodes of an anchor are met wherever it is used."""
    if isinstance(data, list):
        for value in data:
            yield from _warnings(value, where)
    if not isinstance(data, SourceNode):
        return
    if isinstance(data.get("id"), str):
        where = data["id"]
    elif isinstance(data.get("key"), str):
        where = f"{where}/{data['key']}"
    if isinstance(data.get("th"), str):
        yield from (Fault(data.line, where, str(fault)) for fault in wording_faults(data["th"]))
    for value in data.values():
        yield from _warnings(value, where)
