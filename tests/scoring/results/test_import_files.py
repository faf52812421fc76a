"""Tables of figures in the encodings and shapes that people's programs save them in."""

import codecs
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Province, User
from scoring.models import OfficialResult
from scoring.results.actions import official as results
from scoring.results.actions.cells import TableRejected
from scoring.results.table_files import read_table_file
from tests.scoring.results.test_imports import GOOD, HEAD, centre, province, saved, send, table, workbook

__all__ = ["centre", "province"]  # fixtures
CASES = Path("/work/shared/cases")
THAI = GOOD.replace("official,s", "official,ทดสอบ")


def load(content: bytes) -> int:
    return results.import_official_results(table=read_table_file(io.BytesIO(content))).added


@pytest.mark.parametrize(
    ("mark", "codec"), [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (b"", "cp874")]
)
def test_every_encoding(province: Province, mark: bytes, codec: str) -> None:
    assert load(mark + table(THAI).encode(codec)) == 1
    assert OfficialResult.objects.get().source == "ทดสอบ"


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + table(THAI).replace(",", ";"),
        table(THAI + ",,", head=HEAD + ",,"),
        "ผลคะแนน ปี 2570,,,\n\n" + table(THAI),
        table(THAI.replace("TH-43", "th–43").replace("80.5", "๘๐.๕ %"), head=HEAD.upper()),
    ],
    ids=["sep", "trailing", "title", "typed"],
)
def test_every_shape(province: Province, text: str) -> None:
    assert load(text.encode()) == 1
    row = OfficialResult.objects.get()
    assert (row.province, row.score) == (province, Decimal("80.5"))


def test_faults_name_the_line_of_the_file(province: Province) -> None:
    with pytest.raises(TableRejected, match="แถว 4 คอลัมน์ score"):
        load(("ผลคะแนน\n\n" + table(GOOD.replace("80.5", "x"))).encode())


def test_a_comma_that_groups_nothing_is_asked_back(province: Province) -> None:
    with pytest.raises(TableRejected, match=r"80\.5 หรือ 805"):
        load(table(GOOD.replace("80.5", '"80,5"')).encode())


def test_characters_that_cannot_be_read_are_explained(client: Client, centre: User) -> None:
    client.force_login(centre)
    assert "บันทึกเป็น CSV UTF-8" in send(client, b"caf\xe9,\x80\x81\x82\n")


def test_a_workbook_with_a_cover_sheet_and_a_title(client: Client, centre: User) -> None:
    client.force_login(centre)
    book = workbook(
        ["ผลคะแนน"], [], HEAD.split(","), [2570, "TH-43", "total", "total", 80.5, None, None, "official", "s"]
    )
    cover = book.create_sheet("ปก", 0)
    cover.append(["รายงาน"])
    assert "จะเพิ่ม 1" in send(client, saved(book))
    book["Sheet"]["E4"] = "80,5"
    assert "แถว 4 คอลัมน์ score" in send(client, saved(book))


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize("name", ["results-cp874.csv", "results-trailing-commas.csv"])
def test_the_shared_cases_are_read(province: Province, name: str) -> None:
    assert load((CASES / name).read_bytes()) == 1
