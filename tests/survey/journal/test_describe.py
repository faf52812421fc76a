"""Where an address stands, in words."""

import pytest

from survey.instrument.check import check_instrument
from survey.instrument.schema import CompiledInstrument
from survey.journal.event_texts import describe_address, describe_value
from tests.trial import TRIAL

VALUES = {"T6": ["r1", "rx"], "T6#rx/T6.rounds": ["r7"]}


@pytest.fixture(scope="module")
def instrument() -> CompiledInstrument:
    found, _faults = check_instrument(TRIAL.read_text(encoding="utf8"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("T1", ""),
        ("T1.1", "T1.1 เหตุผล"),
        ("T2=other", "อื่น ๆ"),
        ("T4/kiosk/state", "ตู้บริการ › มีหรือไม่"),
        ("T4/kiosk/use=pay", "ตู้บริการ › ใช้ทำเรื่องใด › ชำระเงิน"),
        ("T4.kiosk.year", "4.1 เดือนและปีที่เริ่มใช้ตู้"),
        ("T6#rx", "รายการที่ 2"),
        ("T6#gone", "รายการที่ gone"),
        ("T6#rx/T6.name", "รายการที่ 2 › ชื่อหลักสูตร"),
        ("T6#rx/T6.form=online", "รายการที่ 2 › รูปแบบ › ออนไลน์"),
        ("T6#rx/T6.rounds#r7", "รายการที่ 2 › รุ่นที่จัด (ไม่เกิน 2 รุ่น) › รายการที่ 1"),
        ("T6#rx/T6.rounds#r7/T6.seats", "รายการที่ 2 › รุ่นที่จัด (ไม่เกิน 2 รุ่น) › รายการที่ 1 › ที่นั่ง"),
        ("unknown", "unknown"),
    ],
)
def test_place(address: str, words: str, instrument: CompiledInstrument) -> None:
    assert " › ".join(describe_address(instrument, address, VALUES)) == words


def test_values(instrument: CompiledInstrument) -> None:
    assert describe_value(instrument, "T1", "done") == "มีแผนแล้ว"
    assert describe_value(instrument, "T1", "done", "en") == "There is a plan"
    assert describe_value(instrument, "T2", ["evening", "weekend"]) == "ช่วงค่ำ, เสาร์และอาทิตย์"
    assert describe_value(instrument, "T6", ["r1", "rx"]) == "2 รายการ"
    assert describe_value(instrument, "T4/kiosk/use", ["pay"]) == "ชำระเงิน"
    assert describe_value(instrument, "gone", ["a", "b"]) == "a, b"
    assert describe_value(instrument, "T1", None) == ""
