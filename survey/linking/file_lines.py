"""Where the parts of a YAML file stand: the lines of its keys and of the entries of its lists. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_LINE = re.compile(r"\bline (\d+)")
# libyaml where it is there, as everywhere: it places nodes as PyYAML's own parser does, ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FileLines:
    """The line of each key at the top of a file, and of each entry of the lists under these keys."""

    keys: Mapping[str, int]
    entries: Mapping[str, tuple[int, ...]]

    def entry(self, key: str, number: int) -> int:
        """The line of an entry of a list; else that of its key, or 0."""
        lines = self.entries.get(key, ())
        return lines[number] if number < len(lines) else self.keys.get(key, 0)


def read_file_lines(text: str) -> FileLines:
    """The lines of a file that `read_yaml` has read, so that it is known to be a mapping and not too deep."""
    node: Any = yaml.compose(text, Loader=_LOADER)
    keys, entries = {}, {}
    for key, value in node.value:
        keys[str(key.value)] = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode):
            entries[str(key.value)] = tuple(one.start_mark.line + 1 for one in value.value)
    return FileLines(keys, entries)


def line_in_message(message: str) -> int:
    """The line that a message of the YAML reader names, or 0."""
    found = _LINE.findall(message)
    return int(found[-1]) if found else 0
