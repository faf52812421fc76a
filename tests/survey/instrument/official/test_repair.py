"""Broken Thai is mended by known words; what no word explains stays as it is and is marked."""

import pytest

from survey.instrument.official.repair import RepairedText, ThaiRepairer
from survey.instrument.official.vocabulary import Vocabulary, thai_runs

WORDS = (
    "จังหวัด จัด ทำ แผน ที่ เกี่ยวข้อง สอดคล้อง กับ กฎหมาย หลักฐาน เว้น อีเมล ให้ ติดต่อ ลด ละ ลดละ เลิก "
    "สอด คลอง ข้อมูล ของ ท่าน มี การ ระบบ ตรวจสอบ น้ำ ใจ"
).split()


@pytest.fixture
def repairer() -> ThaiRepairer:
    """A repairer with a dictionary of two dozen words."""
    return ThaiRepairer(Vocabulary(WORDS))


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("จั ง ห วั ด ข อ งท่ า น", "จังหวัดของท่าน"),
        ("หลกัฐาน", "หลักฐาน"),
        ("ทีเ่ว้น", "ที่เว้น"),
        ("อเีมล", "อีเมล"),
        ("ใหติ้ดต่อ", "ให้ติดต่อ"),
        ("สอดคล้องกบั", "สอดคล้องกับ"),
        ("ลด ละ เลิก", "ลด ละ เลิก"),
        ("ข้อมูลของจังหวัด", "ข้อมูลของจังหวัด"),
        ("ISO 2 7 0 0 1 และ", "ISO 27001 และ"),
        ("( แผน )", "(แผน)"),
        ("แผน 2 . 0", "แผน 2.0"),
        ("กฎหมายฯ ", "กฎหมายฯ "),
    ],
)
def test_words_are_read_as_they_are_meant(repairer: ThaiRepairer, printed: str, meant: str) -> None:
    assert repairer.repair(printed).text == meant


def test_a_lost_mark_is_put_back_where_only_one_word_fits(repairer: ThaiRepairer) -> None:
    assert repairer.repair("ที่เกียวข้อง").text == "ที่เกี่ยวข้อง"
    assert repairer.repair("สอดคลองกับ").text == "สอดคลองกับ"  # both readings are words: nothing is invented


def test_what_no_word_explains_is_marked_and_stays(repairer: ThaiRepairer) -> None:
    found = repairer.repair("จังหวัดฆฌฎมีแผน")
    assert found.text == "จังหวัดฆฌฎมีแผน"
    assert [found.text[start:end] for start, end in found.doubts] == ["ฆฌฎ"]
    assert found.doubtful == 1
    assert found.words == 4


def test_an_abbreviation_is_no_doubt(repairer: ThaiRepairer) -> None:
    for text in ("พ.ศ. 2562", "(สพร.)", "จังหวัด สพร. มีแผน"):
        assert not repairer.repair(text).doubts, text


def test_a_space_that_the_form_never_prints_is_dropped(repairer: ThaiRepairer) -> None:
    assert repairer.repair("ระบบ ตรวจสอบ").text == "ระบบ ตรวจสอบ"
    repairer.learn(["ระบบตรวจสอบ"] * 4)
    assert repairer.repair("ระบบ ตรวจสอบ").text == "ระบบตรวจสอบ"


def test_the_forms_own_words_come_before_the_dictionarys() -> None:
    words = ["ตากลม", "ตาก", "ลมแรง", "แรง"]  # both readings: ตากลม|แรง, ตาก|ลมแรง
    for known, reading in (("ตากลม แรง", ["ตากลม", "แรง"]), ("ตาก ลมแรง", ["ตาก", "ลมแรง"])):
        repairer = ThaiRepairer(Vocabulary(words))
        repairer.learn([known] * 3)
        assert [w.text for w in repairer.read("ตากลมแรง")] == reading


def test_only_spaces_and_marks_ever_change(repairer: ThaiRepairer) -> None:
    letters = "จดทกลมหกนวงคขปยสใเแ"
    for text in ("มกี ารจัดทำแผน", "ร ะ บ บ ต ร ว จ", "กฎห มายที่ เกยี่วข้อง (ระบบ) abc 1 2"):
        found: RepairedText = repairer.repair(text)
        assert [c for c in found.text if c in letters] == [c for c in text if c in letters]


def test_runs_are_thai_letters_with_single_spaces() -> None:
    text = "ก ข (ค) ง  จ ๑ ฉๆ"
    assert [text[a:b] for a, b in thai_runs(text)] == ["ก ข", "ค", "ง", "จ", "ฉ"]
