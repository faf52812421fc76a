"""Delimited text of every program, and tables below titles and behind cover sheets."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.guard.readers.delimited import DelimitedText, read_csv, split_rows
from dgready.typed.result import Refusal, Understood

CASES = Path("/work/shared/cases")
ROWS = (("framework", "code", "note"), ("2567", "1.1", "ทดสอบ, ครั้งที่ 2"), ("2567", "1.2", "น้ำ"))


def written(separator: str = ",", rows: object = ROWS) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def rows_of(content: bytes) -> DelimitedText:
    result = read_csv(content)
    assert isinstance(result, Understood), result
    return result.value


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (b"", "utf-8", "UTF-8"),
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (b"", "utf-16-le", "UTF-16"),
        (b"", "utf-16-be", "UTF-16"),
        (b"", "cp874", "Windows-874 (TIS-620)"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator(mark: bytes, codec: str, name: str, separator: str) -> None:
    found = rows_of(mark + written(separator).encode(codec))
    assert (found.rows, found.encoding, found.separator) == (ROWS, name, separator)


@pytest.mark.parametrize("line", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_a_line_that_names_the_separator_is_no_row(line: str) -> None:
    found = rows_of((line + "a,b;c\n1,5;2\n").encode())
    assert found.rows == (("a,b", "c"), ("1,5", "2"))


def test_a_tab_can_be_named() -> None:
    assert rows_of(b"sep=\t\na,b\tc\n").rows == (("a,b", "c"),)


def test_cells_are_clean_and_columns_that_are_empty_everywhere_are_left_out() -> None:
    text = 'a,"b\r\nb",,\n\u2066x\u2069,\x07y\u200b,,,\n\n,,\n"ก\tข",1\n'
    result = split_rows(text)
    assert isinstance(result, Understood)
    assert result.value.rows == (("a", "b b"), ("x", "y"), (), ("", ""), ("ก ข", "1"))


def test_a_title_does_not_decide_the_separator() -> None:
    assert rows_of("ผล, ปี 2567, ทดสอบ, ก\n\na;b\n1;2\n3;4\n".encode()).separator == ";"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"\xef\xbb\xbf\r\n", "empty"), (b",,,\n", "empty"),
     (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
     (b"caf\xe9,\x80\x81\x82\n", "encoding"), ("a\n" * 5001, "long"), ("," * 300 + "x", "wide")],
)  # fmt: skip
def test_what_is_no_table_is_refused(content: bytes | str, code: str) -> None:
    result = read_csv(content.encode() if isinstance(content, str) else content)
    assert isinstance(result, Refusal)
    assert result.code == code


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize("name", ["results-cp874.csv", "results-trailing-commas.csv"])
def test_the_shared_cases_are_read(name: str) -> None:
    found = rows_of((CASES / name).read_bytes())
    assert len(found.rows[0]) == 9
    assert found.rows[1][-1] == "ทดสอบ"


@given(st.binary(max_size=200) | st.text("a,;\t|\"'\n\rกsep=\x00", max_size=60).map(str.encode))
def test_no_file_crashes(content: bytes) -> None:
    result = read_csv(content)
    assert isinstance(result, Understood | Refusal)
    if isinstance(result, Understood):
        assert not [c for row in result.value.rows for cell in row for c in cell if ord(c) < 32]
