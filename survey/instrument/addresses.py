"""Answer addresses: one grammar for form fields, stored values, evidence places and anchors. PURE.

ITEM  ·  ITEM/ROW/COLUMN  ·  …=OPTION (evidence of a picked option)  ·  REPEAT#ROWID (a repeat row)
REPEAT#ROWID/ITEM (inside a repeat row; nests)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from dgready.random_letters import random_letters

ROW_ID_PATTERN = re.compile(r"r[0-9a-z]{1,12}\Z")
ADDRESS_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#/=-]{0,299}\Z")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def cell_address(table: str, row: str, column: str) -> str:
    """The address of a table cell."""
    return f"{table}/{row}/{column}"


def option_address(field: str, option: str) -> str:
    """The address of a picked option, where its evidence is attached."""
    return f"{field}={option}"


def repeat_row_address(repeat: str, row_id: str) -> str:
    """The address of a repeat row: where its evidence is attached, and (with a slash) the prefix of its items."""
    return f"{repeat}#{row_id}"


def new_row_id(taken: Iterable[str] = ()) -> str:
    """A new random row id, not among `taken`; random, so that the id of a removed row is never reused."""
    existing = set(taken)
    while True:
        row_id = "r" + random_letters(_ALPHABET, 6)
        if row_id not in existing:
            return row_id


def quote_address(address: str) -> str:
    """An address, or the beginning of one, as a part of a link."""
    if ADDRESS_PATTERN.match(address):  # of its characters three need quoting; quote() looks at each one
        return address.replace("#", "%23").replace("/", "%2F").replace("=", "%3D")
    return quote(address, safe="")


def item_id_of(address: str) -> str:
    """The id of the item an address belongs to (the innermost one)."""
    head = address.split("=", 1)[0]
    if "#" not in head:
        return head.split("/", 1)[0]
    before, last = head.rsplit("#", 1)
    if "/" in last:
        return last.split("/")[1]
    return before.rsplit("/", 1)[-1]
