"""Reads a YAML file into plain data that knows the line number of each mapping. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from dgready.limits import DATA_FILE_BYTES

MAX_DEPTH = 60  # mappings and lists within each other; the deepest form so far has 18
# libyaml reads the real form in 0.05 s, PyYAML's own parser in 0.35 s; both build the same data.
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SourceNode(dict[str, Any]):
    """A mapping of the file with the line it starts on."""

    line: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault in a data file, with its place."""

    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.where}: {self.message}"


class SourceError(Exception):
    """The file cannot be read as YAML at all."""


class _Loader(_BASE):  # type: ignore[misc]  # which of the two is known at run time
    """Safe YAML whose mappings are `Node`s; a key given twice is an error."""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> SourceNode:
    loader.flatten_mapping(node)
    mapping = SourceNode()
    mapping.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in mapping:
            raise SourceError(f"line {key_node.start_mark.line + 1}: key {key!r} is given twice")
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def read_yaml(text: str) -> SourceNode:
    """The file as nested `SourceNode`s. Raises SourceError when it is not a YAML mapping or too large."""
    if len(text.encode()) > DATA_FILE_BYTES:
        raise SourceError(f"larger than {DATA_FILE_BYTES} bytes")
    try:
        _refuse_deep(text)
        data = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError) as error:  # a day that no calendar has is a ValueError
        raise SourceError(str(error)) from error
    if not isinstance(data, SourceNode):
        raise SourceError("the file is not a mapping")
    return data


def _refuse_deep(text: str) -> None:
    """Raises SourceError before the recursive composer would exhaust the stack, which in C ends the process."""
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_BASE):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 0
                raise SourceError(f"line {line}: nested deeper than {MAX_DEPTH}")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def to_plain_data(data: Any) -> Any:
    """The same data as JSON can carry it: dates become ISO text, numbers keep their digits."""
    if isinstance(data, dict):
        return {str(key): to_plain_data(value) for key, value in data.items()}
    if isinstance(data, list):
        return [to_plain_data(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data
