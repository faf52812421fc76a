"""Titles of the heads of offices, and the usual committee of a province."""

import pytest

from demo.sample_file import load_sample
from survey.committee.titles import head_title, propose_members


@pytest.mark.parametrize(
    ("office", "title"),
    [
        ("สำนักงานจังหวัดหนองคาย", "หัวหน้าสำนักงานจังหวัดหนองคาย"),
        ("ที่ทำการปกครองจังหวัดหนองคาย", "ปลัดจังหวัดหนองคาย"),
        ("สำนักงานสถิติจังหวัดหนองคาย", "สถิติจังหวัดหนองคาย"),
        ("สำนักงานสาธารณสุขจังหวัดหนองคาย", "นายแพทย์สาธารณสุขจังหวัดหนองคาย"),
        ("สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดหนองคาย", "พัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดหนองคาย"),
        ("สำนักงานสรรพากรพื้นที่หนองคาย", "สรรพากรพื้นที่หนองคาย"),
        ("เทศบาลเมืองท่าบ่อ", "นายกเทศมนตรีเมืองท่าบ่อ"),
        ("เทศบาลนครขอนแก่น", "นายกเทศมนตรีนครขอนแก่น"),
        ("องค์การบริหารส่วนจังหวัดหนองคาย", "นายกองค์การบริหารส่วนจังหวัดหนองคาย"),
        ("หอการค้าจังหวัดหนองคาย", "ประธานหอการค้าจังหวัดหนองคาย"),
        ("สภาอุตสาหกรรมจังหวัดหนองคาย", "ประธานสภาอุตสาหกรรมจังหวัดหนองคาย"),
        (
            "คณะสหวิทยาการ มหาวิทยาลัยขอนแก่น วิทยาเขตหนองคาย",
            "คณบดีคณะสหวิทยาการ มหาวิทยาลัยขอนแก่น วิทยาเขตหนองคาย",
        ),
        ("การไฟฟ้าส่วนภูมิภาคจังหวัดหนองคาย", "ผู้จัดการการไฟฟ้าส่วนภูมิภาคจังหวัดหนองคาย"),
        ("ด่านศุลกากรหนองคาย", "หัวหน้าด่านศุลกากรหนองคาย"),
    ],
)
def test_the_title_of_the_head_of_an_office(office: str, title: str) -> None:
    assert head_title(office) == title


def test_the_governor_chairs_and_the_provincial_office_is_secretary() -> None:
    offices = ["สำนักงานสถิติจังหวัดเลย", "สำนักงานจังหวัดเลย", "เทศบาลเมืองเลย"]
    members = [(one.seat, one.post) for one in propose_members("ผู้ว่าราชการจังหวัดเลย", offices)]
    assert members == [
        ("chair", "ผู้ว่าราชการจังหวัดเลย"),
        ("member", "นายกเทศมนตรีเมืองเลย"),
        ("secretary", "หัวหน้าสำนักงานจังหวัดเลย"),
        ("co_secretary", "สถิติจังหวัดเลย"),
    ]


def test_no_office_of_the_sample_province_gets_a_doubled_title() -> None:
    for row in load_sample()["agencies"]:
        title = head_title(row["name_th"])
        assert title
        assert "หัวหน้าสำนักงานสำนักงาน" not in title
        assert not title.startswith("หัวหน้า") or row["code"] in ("PO", "DISASTER"), title
