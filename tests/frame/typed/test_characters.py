"""Invisible and bidirectional characters, widths, digits and dashes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.typed import characters

ANY = st.text(alphabet=st.characters(), max_size=40) | st.text(
    alphabet="กำ้ํา่ีเเ \t\n\r\u2028\u200b\u2066\u202e\ufeff\x00\x85\uf70aＡ３　๑–\ud800", max_size=20
)
CLEANERS = [
    characters.clean_line,
    characters.clean_lines,
    characters.clean_name,
    characters.fold_typed,
]


@pytest.mark.parametrize("clean", CLEANERS)
@given(text=ANY)
def test_control_characters_never_get_in_and_twice_is_once(clean: object, text: str) -> None:
    assert callable(clean)
    result = clean(text)
    allowed = {"\n"} if clean is characters.clean_lines else set()
    assert not [c for c in result if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in allowed]
    assert clean(result) == result
    assert result == result.strip()
    result.encode()


def test_a_line_of_each_kind() -> None:
    assert characters.clean_line("\u2066042-411-778\u2069\u200e") == "042-411-778"
    assert characters.clean_line("ก\tข\r\nค\x00\x1b") == "ก ข ค"
    assert characters.clean_lines(" ก\tข\r\nค\u2028ง\x07 ") == "ก ข\nค\nง"
    assert characters.clean_lines("ก\n\nข") == "ก\n\nข"
    assert characters.clean_name("Ｄｅｐｔ．　๑ – ก") == "Dept. ๑ – ก"
    assert characters.fold_typed("０４２—๔๑๑") == "042-411"
    assert characters.fold_digits("٣۴๕") == "345"
