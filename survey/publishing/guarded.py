"""Reading a file of a year that somebody sends in, behind the guard: what is hostile is refused here, for all kinds."""

from __future__ import annotations

from dgready.yaml_upload import prove_yaml
from survey.instrument.source import SourceNode
from survey.publishing.reading import read_whole


def read_data_file(text: str) -> SourceNode:
    """The file as nested nodes. Raises SourceError for what is no YAML, too large, too deep or repeats without end."""
    prove_yaml(text.encode())
    return read_whole(text)
