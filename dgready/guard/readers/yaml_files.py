"""YAML files, read to their end to know that they can be. PURE."""

from __future__ import annotations

from typing import BinaryIO

from dgready.limits import DATA_FILE_BYTES
from dgready.yaml_source import SourceError, read_yaml_data


def prove(file: BinaryIO) -> dict[str, str]:
    """Why the file cannot be read, under `refused`; nothing when it can."""
    try:
        read_yaml_data(file.read(DATA_FILE_BYTES + 1).decode("utf-8-sig"))
    except (SourceError, UnicodeDecodeError) as fault:
        return {"refused": str(fault)[:1000]}
    except MemoryError:
        return {"refused": "takes too much memory"}
    return {}
