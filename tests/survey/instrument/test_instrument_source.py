"""Reading a reviewed file: what libyaml reads is what PyYAML's own parser reads, and no file ends the process."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from survey.instrument import actions as instruments
from survey.instrument.check import check_instrument
from survey.instrument.source import MAX_DEPTH, SourceError, SourceNode, read_yaml
from survey.models import Pillar, Question, SubPillar
from tests.trial import REAL, ROOT, TRIAL, publish

FILES = sorted(p for folder in ("fixtures", "tests") for p in (ROOT / folder).rglob("*.yaml"))


class PlainLoader(yaml.SafeLoader):
    """PyYAML's own parser; each mapping is a pair of its line and its content."""


def _mapping(loader: PlainLoader, node: yaml.MappingNode) -> tuple[int, dict[str, Any]]:
    loader.flatten_mapping(node)
    content = loader.construct_mapping(node, deep=True)
    return node.start_mark.line + 1, {str(key): value for key, value in content.items()}


PlainLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def with_lines(data: Any) -> Any:
    """Data as `PlainLoader` builds it."""
    if isinstance(data, SourceNode):
        return data.line, {key: with_lines(value) for key, value in data.items()}
    return [with_lines(value) for value in data] if isinstance(data, list) else data


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_parsers_read_the_same_with_the_same_lines(path: Path) -> None:
    text = path.read_text(encoding="utf8")
    assert with_lines(read_yaml(text)) == yaml.load(text, Loader=PlainLoader)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_deeply_nested_file_is_refused(opening: str) -> None:
    """libyaml's composer is recursive: at some ten thousand levels it would take the process with it."""
    with pytest.raises(SourceError, match=f"line 1: nested deeper than {MAX_DEPTH}"):
        read_yaml(opening * 100_000)


@pytest.mark.parametrize("text", ["a: 2020-13-45", "a: \x00", "a: [", "a: 1\na: 2", "- a", ""])
def test_what_cannot_be_read_is_one_fault(text: str) -> None:
    compiled, faults = check_instrument(text)
    assert compiled is None
    assert [fault.where for fault in faults] == ["file"]


@pytest.mark.django_db
def test_a_draft_loaded_again_keeps_its_rows_and_takes_the_new_wording() -> None:
    text = TRIAL.read_text(encoding="utf8")
    row, _ = instruments.load_instrument(data=read_yaml(text))
    models = (Pillar, SubPillar, Question)
    before = [list(model.objects.values_list("pk", flat=True)) for model in models]
    question = Question.objects.get(item_id="T8")
    changed = text.replace(question.label_th, "ถ้อยคำใหม่")
    assert instruments.load_instrument(data=read_yaml(changed)) == (row, True)
    assert [list(model.objects.values_list("pk", flat=True)) for model in models] == before
    question.refresh_from_db()
    assert question.label_th == "ถ้อยคำใหม่"
    Question.objects.create(instrument=row, item_id="GONE", section=question.section, order=999)
    instruments.load_instrument(data=read_yaml(text))
    assert not Question.objects.filter(item_id="GONE").exists()


@pytest.mark.django_db
def test_a_part_hangs_on_its_sub_pillar() -> None:
    publish(REAL)
    parts = SubPillar.objects.exclude(parent=None).select_related("parent")
    assert parts
    for part in parts:
        assert part.parent
        assert part.parent.pillar_id == part.pillar_id
        assert part.code.startswith(part.parent.code)
