"""Addresses of keys in a token (RFC 7512): pkcs11:token=Office;object=seal?module-path=/usr/lib/p11.so. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

SCHEME: Final = "pkcs11:"


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Where a key lies. `module`: the library of the token; `label`, `key_id`: of the key; at least one of them."""

    module: str
    token: str
    serial: str
    label: str
    key_id: bytes


def is_token_address(text: str) -> bool:
    """Whether it names a key in a token and not a file."""
    return text.startswith(SCHEME)


def read_token_address(text: str) -> TokenAddress:
    """The address, read. Raises ValueError with what is missing."""
    path, _mark, query = text.removeprefix(SCHEME).partition("?")
    parts = dict(part.partition("=")[::2] for part in path.split(";") if part)
    options = dict(part.partition("=")[::2] for part in query.split("&") if part)
    address = TokenAddress(
        module=unquote(options.get("module-path", "")),
        token=unquote(parts.get("token", "")),
        serial=unquote(parts.get("serial", "")),
        label=unquote(parts.get("object", "")),
        key_id=unquote_to_bytes(parts.get("id", "")),
    )
    if not address.module:
        raise ValueError("the address of the key names no module-path")
    if not address.label and not address.key_id:
        raise ValueError("the address of the key names neither object nor id")
    return address
