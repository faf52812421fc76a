"""The hidden ids of the offline form: an address with a check code that an edited id no longer fits. PURE."""

from __future__ import annotations

import hashlib
from typing import Final

CODE_LENGTH: Final = 6


class EditedMark(ValueError):
    """A hidden id is not one that the form was made with."""


def row_mark(form: str, address: str) -> str:
    """The id of a row: its address, and a code of the address and the form's own id."""
    return f"{address} {_code(form, address)}"


def read_mark(form: str, text: str) -> str:
    """The address in a row's id. Raises EditedMark."""
    address, _space, code = text.strip().rpartition(" ")
    if not address or code != _code(form, address):
        raise EditedMark(text)
    return address


def _code(form: str, address: str) -> str:
    """Against slips and curious hands, not against forgery: what a file may change is asked of the database."""
    return hashlib.sha256(f"{form}\n{address}".encode()).hexdigest()[:CODE_LENGTH]
