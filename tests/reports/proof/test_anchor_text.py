"""The text of an anchor says everything again when it is read, and nothing else is one."""

import pytest

from reports.proof.anchor_text import Anchor, ChainHead, LogHead, read_anchor, write_anchor

ANCHOR = Anchor(
    site="https://dgready.example.org",
    at="2026-11-26T02:10:00+07:00",
    signed="no",
    previous=("2026/anchor-2026-11-25-021000", "a" * 64),
    heads=(ChainHead(12, "NK", 2568, "", 345, "b" * 64), ChainHead(13, "NK", 2568, "HEALTH", 7, "c" * 64)),
    log=LogHead(90, "d" * 64),
)


@pytest.mark.parametrize("previous", [ANCHOR.previous, None])
def test_what_is_written_is_read(previous: tuple[str, str] | None) -> None:
    anchor = Anchor(ANCHOR.site, ANCHOR.at, ANCHOR.signed, previous, ANCHOR.heads, ANCHOR.log)
    assert read_anchor(write_anchor(anchor)) == anchor


def test_it_can_be_read_by_a_person() -> None:
    lines = write_anchor(ANCHOR).splitlines()
    assert lines[0] == "dgready anchor 1"
    assert lines[5] == "\t".join(["response", "12", "NK", "2568", "-", "345", "b" * 64])
    assert lines[-1] == "end\t3"


TEXT = write_anchor(ANCHOR)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", TEXT[:-1], TEXT + "\n", TEXT.replace("345", "0345"), TEXT.replace("end\t3", "end\t4"), TEXT[1:]],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an anchor"):
        read_anchor(text)
