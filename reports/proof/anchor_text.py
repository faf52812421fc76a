"""The text of an anchor: the heads of all chains at one moment, as lines that a person and a program can read. PURE.

UTF-8, one fact a line, parts divided by tabs:

    dgready anchor 1
    site, at, signed (the certificate's name and SHA-256, or "no")
    previous  name and SHA-256 of the anchor before, or "none"
    response  id  province  year  agency or "-"  number of the newest event  its hash
    accounts  number of the newest entry of the account log  SHA-256 over all entries up to it
              number of the newest link of its chain  its hash (neither in anchors from before there was a chain)
    end       number of chains
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FORMAT: Final = "dgready anchor 1"
NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest event of a response: its number and hash; whose response it is."""

    response: int
    province: str
    year: int
    agency: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class LogHead:
    """The newest entry of the account log, and the SHA-256 over all entries up to it.

    `seq`, `chain`: the newest link of its chain and that one's hash; 0 and empty where it has none.
    """

    last: int
    hash: str
    seq: int = 0
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one anchor says. `signed`: the certificate, or "no". `previous`: name and SHA-256 of the one before."""

    site: str
    at: str
    signed: str
    previous: tuple[str, str] | None
    heads: tuple[ChainHead, ...]
    log: LogHead


def write_anchor(anchor: Anchor) -> str:
    """The canonical text of an anchor."""
    return "".join("\t".join(parts) + "\n" for parts in _lines(anchor))


def _lines(anchor: Anchor) -> Iterator[tuple[str, ...]]:
    yield (FORMAT,)
    yield "site", anchor.site
    yield "at", anchor.at
    yield "signed", anchor.signed
    yield ("previous", *(anchor.previous or ("none",)))
    for head in anchor.heads:
        owner = (head.province, str(head.year), head.agency or NOTHING)
        yield ("response", str(head.response), *owner, str(head.seq), head.hash)
    chain = (str(anchor.log.seq), anchor.log.chain) if anchor.log.seq else ()
    yield "accounts", str(anchor.log.last), anchor.log.hash, *chain
    yield "end", str(len(anchor.heads) + 1)


def read_anchor(text: str) -> Anchor:
    """What a text says. Raises ValueError when it is not, to the letter, the text of an anchor."""
    lines = [tuple(line.split("\t")) for line in text.split("\n")]
    try:
        (_format, (_site, site), (_at, at), (_signed, signed), previous, *chains, log, _end, _last) = lines
        anchor = Anchor(
            site,
            at,
            signed,
            None if previous[1:] == ("none",) else (previous[1], previous[2]),
            tuple(_read_head(*line) for line in chains),
            LogHead(int(log[1]), log[2], *((int(log[3]), log[4]) if len(log) > 3 else ())),
        )
    except (ValueError, IndexError, TypeError) as error:
        raise ValueError(f"not an anchor: {error}") from error
    if write_anchor(anchor) != text:
        raise ValueError("not an anchor in canonical form")
    return anchor


def _read_head(_kind: str, response: str, province: str, year: str, agency: str, seq: str, digest: str) -> ChainHead:
    return ChainHead(int(response), province, int(year), "" if agency == NOTHING else agency, int(seq), digest)
