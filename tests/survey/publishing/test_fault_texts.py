"""Every fault that the readers of forms, schemes and links can find is told in Thai."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.instrument.source import Fault
from survey.publishing.fault_texts import PART, fault_text, localized_faults
from tests.trial import ROOT

READERS = ("survey/instrument", "survey/instrument/proof", "survey/linking", "scoring/scheme")
# Modules whose texts are no faults, and texts that are only pieces or for other readers.
OTHERS = {"registry.py", "wording.py", "actions.py", "path.py", "queries.py", "earlier_version.py", "values.py"}
FAULTY = {"add_fault", "fault", "Fault", "SourceError"}
THAI = re.compile("[ก-๙]")


def template(node: ast.AST | None) -> str:
    """A text with § for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else PART for v in node.values)
    return ""


def said_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in FAULTY and node.args:
            yield template(node.args[-1])
        elif isinstance(node, ast.Yield):
            yield template(node.value)
        elif isinstance(node, ast.GeneratorExp):
            yield template(node.elt)


def every_fault() -> list[str]:
    files = [path for folder in READERS for path in sorted((ROOT / folder).glob("*.py")) if path.name not in OTHERS]
    files += sorted((ROOT / "dgready").glob("yaml_*.py"))
    return sorted({text for path in files for text in said_in(path) if " " in text})


@pytest.mark.no_database
def test_every_fault_has_a_thai_text() -> None:
    faults = every_fault()
    assert len(faults) > 100
    untold = [text for text in faults if not THAI.search(fault_text(text.replace(PART, "'x'")).th)]
    # An error of the YAML parser with its line is told by `localized_faults`; the rest are pieces of these.
    assert set(untold) <= {
        "§: §",
        "is not § in the instrument",
        "line §: §: §",
        "is for § §, not for §",
        "`§` is a mapping§",
        "§ is no part of these questions in the § form",
    }


@pytest.mark.parametrize(
    ("english", "thai"),
    [
        ("unknown key 'tt'", "ไม่รู้จักชื่อ 'tt'"),
        ("unknown key 'tt' in `sources`", "ไม่รู้จักชื่อ 'tt' ใน `sources`"),
        ("the condition reads option 'no', which 'P1.1' lacks", "เงื่อนไขอ้าง 'P1.1' ซึ่งไม่มีตัวเลือก 'no'"),
        ("is for dg 2567, not for dg 2568", "เป็นของแบบ dg ปี 2567 ไม่ใช่ dg ปี 2568"),
        ("'T1' has no option 'begun'", "'T1' ไม่มีตัวเลือก 'begun'"),
        ("is not a part of 4.2 in the instrument", "ในแบบไม่ใช่ส่วนของ 4.2"),
    ],
)
def test_names_stay_as_in_the_file(english: str, thai: str) -> None:
    assert fault_text(english).to("th") == thai
    assert fault_text(english).to("en") == english


def test_what_the_yaml_parser_says_is_told_with_the_line() -> None:
    fault = Fault(0, "file", 'while parsing a flow sequence\n  in "x", line 2, column 4\nexpected ","')
    (told,) = localized_faults("a: 1\nb: [1\n", [fault], "th")
    assert (told.line, told.text) == (2, "b: [1")
    assert told.message.startswith("อ่านเป็น YAML ไม่ได้")
