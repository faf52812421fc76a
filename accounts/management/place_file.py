"""Reviewed files of provinces and departments: a list of rows, checked whole before anything is loaded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from dgready.yaml_source import SourceError, read_yaml_data
from dgready.yaml_upload import prove_yaml_file

RowFault = Callable[[Mapping[str, Any]], str]
"""What else is wrong with a row; empty when nothing is."""


def no_fault(row: Mapping[str, Any]) -> str:
    """Nothing else is asked of a row."""
    return ""


def place_file_faults(rows: Any, keys: Collection[str], also: RowFault = no_fault) -> list[str]:
    """Faults of the file's rows, one line each; empty when it can be loaded."""
    if not isinstance(rows, list):
        return ["the file is not a list"]
    faults, seen_codes = [], set()
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not row.keys() >= set(keys):
            faults.append(f"entry {number}: needs {', '.join(sorted(keys))}")
            continue
        if fault := also(row):
            faults.append(f"entry {number}: {fault}")
        if row["code"] in seen_codes:
            faults.append(f"entry {number}: {row['code']} again")
        seen_codes.add(row["code"])
    return faults


def read_place_file(file: str, name: str, keys: Collection[str], also: RowFault = no_fault) -> Sequence[Any]:
    """The rows of a file, which may stand under `name`. Raises CommandError listing every fault."""
    try:
        data = read_yaml_data(prove_yaml_file(Path(file)))
    except (OSError, SourceError) as error:
        raise CommandError(f"{file}: {error}") from error
    rows = data.get(name, data) if isinstance(data, dict) else data
    if faults := place_file_faults(rows, keys, also):
        raise CommandError(f"{file}:\n  " + "\n  ".join(faults))
    return list(rows)
