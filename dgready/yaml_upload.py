"""YAML from outside: what somebody sends in, or an operator names on a command line.

A child within limits of time and memory reads it to its end first. What it could read, this process can read again.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from django.conf import settings

from dgready.children import ChildFault
from dgready.guard.reading import read_guarded
from dgready.limits import DATA_FILE_BYTES, TooLargeError, read_limited
from dgready.yaml_source import SourceError, SourceNode, read_yaml

log = logging.getLogger(__name__)
READER: Final = "dgready.guard.readers.yaml_files:prove"


def read_yaml_upload(data: bytes) -> SourceNode:
    """The mapping of an uploaded file, nested `SourceNode`s. Raises SourceError with the reason, in English."""
    return read_yaml(prove_yaml(data))


def prove_yaml(data: bytes) -> str:
    """The text of a YAML file, known to be readable within the limits. Raises SourceError with the reason."""
    if len(data) > DATA_FILE_BYTES:
        raise SourceError(f"larger than {DATA_FILE_BYTES} bytes")
    try:
        answer = read_guarded(READER, data, settings.DATA_FILE_LIMITS)
    except ChildFault as fault:
        log.info("a data file was not read: %s", fault)
        raise SourceError("takes too much time or memory to read") from None
    if "refused" in answer:
        raise SourceError(answer["refused"])
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def prove_yaml_file(path: Path) -> str:
    """The same of a file that an operator names. Raises OSError too."""
    with path.open("rb") as file:
        try:
            return prove_yaml(read_limited(file, DATA_FILE_BYTES))
        except TooLargeError as fault:
            raise SourceError(f"larger than {DATA_FILE_BYTES} bytes") from fault
