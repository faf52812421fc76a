"""Reads how a year is answered from the head of its file: by the province, or by which kinds of agency. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from survey.instrument.answering_mode import ANSWERED_BY_PROVINCE, AgencyKindAsked, AnsweredBy, AnsweringMode
from survey.instrument.node_reader import ID_PATTERN, NodeReader

KIND_KEYS: Final = ("key", "name", "codes")


def read_answering_mode(reader: NodeReader, data: Mapping[str, Any]) -> AnsweringMode:
    """The mode that a file's head gives with `answered_by` and `agency_kinds`; faults go to the reader."""
    given = data.get("answered_by", AnsweredBy.PROVINCE.value)
    if given not in list(AnsweredBy):
        reader.add_fault(data, "instrument", f"`answered_by` is one of {', '.join(AnsweredBy)}")
        return ANSWERED_BY_PROVINCE
    kinds = tuple(_read_kind(reader, node) for node in reader.read_nodes(data, "agency_kinds", "instrument"))
    mode = AnsweringMode(AnsweredBy(given), kinds)
    if mode.is_each_agency != bool(kinds):
        reader.add_fault(data, "instrument", "`agency_kinds` goes with `answered_by: each_agency`, and is needed there")
    for what, names in (("kind", [k.key for k in kinds]), ("code", [code for k in kinds for code in k.codes])):
        for name in sorted({name for name in names if names.count(name) > 1}):
            reader.add_fault(data, "agency_kinds", f"{what} {name!r} is given twice")
    return mode


def _read_kind(reader: NodeReader, node: Mapping[str, Any]) -> AgencyKindAsked:
    key = str(node.get("key", ""))
    where = f"agency kind {key}"
    reader.check_keys(node, KIND_KEYS, where)
    if not ID_PATTERN.match(key):
        reader.add_fault(node, where, f"key {key!r} is not a plain key")
    codes = node.get("codes")
    if not isinstance(codes, list) or not codes or not all(isinstance(code, str) and code for code in codes):
        reader.add_fault(node, where, "`codes` is a list of codes of agencies")
        codes = []
    return AgencyKindAsked(key, reader.read_text(node, "name", where, needed=True), tuple(c.upper() for c in codes))
