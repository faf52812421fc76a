"""What the readers of data files share: where a fault is, and the data as JSON carries it. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

# Read by the frame, for other apps have files of their own; known here by all that read forms.
from dgready.yaml_source import MAX_DEPTH as MAX_DEPTH
from dgready.yaml_source import SourceError as SourceError
from dgready.yaml_source import SourceNode as SourceNode
from dgready.yaml_source import read_yaml as read_yaml


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault in a data file, with its place."""

    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.where}: {self.message}"


def to_plain_data(data: Any) -> Any:
    """The same data as JSON can carry it: dates become ISO text, numbers keep their digits."""
    if isinstance(data, dict):
        return {str(key): to_plain_data(value) for key, value in data.items()}
    if isinstance(data, list):
        return [to_plain_data(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data
