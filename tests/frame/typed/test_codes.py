"""Codes among known ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.typed import codes
from dgready.typed.codes import read_code
from dgready.typed.result import Refusal, Understood

KNOWN = ("TH-43", "SO", "1.1", "2.1.1", "SF1", "Q12")


@pytest.mark.parametrize(
    ("text", "code"),
    [("th–43", "TH-43"), ("ＴＨ－４３", "TH-43"), ("๑.๑", "1.1"), (" 1.1* ", "1.1"), ("1.1.", "1.1"), ("so", "SO"),
     ("SF 1", "SF1"), ("\u2066SO\u2069", "SO"), ("TH - 43", "TH-43")],
)  # fmt: skip
def test_codes_are_found_however_typed(text: str, code: str) -> None:
    result = read_code(text, KNOWN)
    assert isinstance(result, Understood)
    assert result.value == code


def test_unknown_codes_are_asked_back() -> None:
    close, far, long = (read_code(text, KNOWN) for text in ("TH-34", "พระอาทิตย์", "9" * 200))
    assert isinstance(close, Refusal)
    assert "TH-43" in close.reason.th
    assert isinstance(far, Refusal)
    assert "SO" in far.reason.th
    assert isinstance(long, Refusal)
    assert read_code(" ", KNOWN) is None


@given(st.text(max_size=30), st.sets(st.text(max_size=6), max_size=5))
def test_only_known_codes_come_out(text: str, known: set[str]) -> None:
    result = read_code(text, known)
    if isinstance(result, Understood):
        assert result.value in known


def test_known_codes_are_folded_once_however_many_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of 76 provinces has thousands of cells that name one of them."""
    folded: list[str] = []
    fold = codes.fold_code
    monkeypatch.setattr(codes, "fold_code", lambda text: (folded.append(text), fold(text))[1])
    known = [f"QX-{number}" for number in range(76)]
    for number in range(76):
        assert codes.read_code(f" ｑｘ-{number}*", known).value == f"QX-{number}"  # type: ignore[union-attr]
        assert codes.read_code(f"QX-{number}", known).value == f"QX-{number}"  # type: ignore[union-attr]
    assert len(folded) < 76 * 5
