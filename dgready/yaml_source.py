"""Reads a YAML file into plain data that knows the line number of each mapping, within limits. PURE.

What somebody sends in, or names on a command line, goes through dgready.yaml_upload first, which reads it in a child.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from dgready.limits import DATA_FILE_BYTES

MAX_DEPTH: Final = 60  # mappings and lists within each other; the deepest form so far has 18
# Of all values with their aliases written out: characters, and some for each value. The longest form has 0.4 million.
MAX_WEIGHT: Final = 10_000_000
_VALUE_WEIGHT: Final = 8
# libyaml reads the real form in 0.05 s, PyYAML's own parser in 0.35 s; both build the same data.
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SourceNode(dict[str, Any]):
    """A mapping of the file with the line it starts on."""

    line: int = 0


class SourceError(Exception):
    """The file cannot be read as YAML at all."""


class _Loader(_BASE):  # type: ignore[misc]  # which of the two is known at run time
    """Safe YAML whose mappings are `SourceNode`s; a key given twice is an error."""


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


def read_yaml_data(text: str) -> Any:
    """Whatever the file holds, mappings as `SourceNode`s. Raises SourceError for what is no YAML or too large."""
    if len(text) > DATA_FILE_BYTES or len(text.encode(errors="replace")) > DATA_FILE_BYTES:
        raise SourceError(f"larger than {DATA_FILE_BYTES} bytes")
    try:
        _refuse_costly(text)
        return yaml.load(text, Loader=_Loader)
    # A day that no calendar has is a ValueError, a list as the key of a mapping may be a TypeError.
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        raise SourceError(str(error)) from error


def read_yaml(text: str) -> SourceNode:
    """The file as nested `SourceNode`s. Raises SourceError when it is not a YAML mapping or too large."""
    data = read_yaml_data(text)
    if not isinstance(data, SourceNode):
        raise SourceError("the file is not a mapping")
    return data


def _refuse_costly(text: str) -> None:
    """Raises SourceError for what would grow without measure, before anything is built.

    The composer is recursive, which in C ends the process at some ten thousand levels; aliases of aliases, and merges
    (`<<`) of them, double with each line.
    """
    weight = 0
    anchors: dict[str | None, int | None] = {}  # the weight of what each names; None while it is open
    open_nodes: list[tuple[str | None, int]] = []  # the anchor of each, and the weight before it
    event: Any
    for event in yaml.parse(text, Loader=_BASE):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, weight))
            if event.anchor is not None:
                anchors[event.anchor] = None
            if len(open_nodes) > MAX_DEPTH:
                raise SourceError(f"line {line}: nested deeper than {MAX_DEPTH}")
            weight += _VALUE_WEIGHT
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor is not None:
                anchors[anchor] = weight - before
        elif isinstance(event, yaml.ScalarEvent):
            own = _VALUE_WEIGHT + len(event.value)
            weight += own
            if event.anchor is not None:
                anchors[event.anchor] = own
        elif isinstance(event, yaml.AliasEvent):
            named = anchors.get(event.anchor, 0)
            if named is None:
                raise SourceError(f"line {line}: {event.anchor!r} contains itself")
            weight += _VALUE_WEIGHT + named
        if weight > MAX_WEIGHT:
            raise SourceError(f"line {line}: with its aliases written out, the file is too large")
