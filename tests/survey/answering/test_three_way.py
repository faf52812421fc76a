"""The three-way merge of answers: rules by example, and properties that hold for any answers."""

from hypothesis import given
from hypothesis import strategies as st

from survey.answering.three_way import advance_base, merge, merge_without_base
from survey.instrument.schema import AnswerValue

FIELDS = ["A", "B", "R#r1/A", "R#r1/B", "R#r2/A"]
TEXTS = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["x", "y", "z"]))
CHOICES = st.lists(st.sampled_from("123"), unique=True, min_size=1).map(sorted)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, AnswerValue]:
    """An answer as stored: no empty rows, no values of rows that are not listed."""
    values: dict[str, AnswerValue] = dict(draw(TEXTS))
    if draw(st.booleans()):
        values["M"] = draw(CHOICES)
    rows = [row for row in ("r1", "r2") if any(a.startswith(f"R#{row}/") for a in values)]
    return {**values, "R": rows} if rows else values


@given(answers(), answers())
def test_what_one_side_alone_changed_is_taken(base: dict[str, AnswerValue], changed: dict[str, AnswerValue]) -> None:
    for merged in (merge(base, base, changed), merge(base, changed, base), merge(base, changed, changed)):
        assert merged.values == changed
        assert not merged.conflicts


@given(answers(), answers(), answers())
def test_an_untouched_value_never_undoes_a_change(
    base: dict[str, AnswerValue], theirs: dict[str, AnswerValue], mine: dict[str, AnswerValue]
) -> None:
    merged = merge(base, theirs, mine)
    for address in {*base, *theirs, *mine}:
        if any(address == c or address.startswith(f"{c}/") for c in merged.conflicts) or address in ("M", "R"):
            continue
        old, other, own = base.get(address), theirs.get(address), mine.get(address)
        if own == old:
            assert merged.values.get(address) == other
        elif other == old:
            assert merged.values.get(address) == own
    for element in "123":
        old, other, own = (element in side.get("M", ()) for side in (base, theirs, mine))
        assert (element in merged.values.get("M", ())) == (other if own == old else own)


@given(answers(), answers(), answers())
def test_both_sides_see_the_same_conflicts(
    base: dict[str, AnswerValue], theirs: dict[str, AnswerValue], mine: dict[str, AnswerValue]
) -> None:
    assert set(merge(base, theirs, mine).conflicts) == set(merge(base, mine, theirs).conflicts)


@given(answers(), answers(), answers(), answers())
def test_one_is_never_asked_about_ones_own_earlier_save(
    base: dict[str, AnswerValue],
    theirs: dict[str, AnswerValue],
    sent: dict[str, AnswerValue],
    newest: dict[str, AnswerValue],
) -> None:
    assert merge(advance_base(base, sent, sent), sent, newest).values == newest
    first = merge(base, theirs, sent)
    if not first.conflicts and not merge(sent, first.values, newest).conflicts:
        fields = [a for a in newest if "#" not in a and not isinstance(newest[a], list)]
        again = merge(advance_base(base, first.values, sent), first.values, newest)
        own = [a for a in fields if newest[a] != sent.get(a) and first.values.get(a) == sent.get(a)]
        assert not set(own) & set(again.conflicts)
        assert all(again.values.get(a) == newest[a] for a in own)


def test_without_a_base_every_difference_is_asked() -> None:
    merged = merge_without_base({"A": "x", "B": "y"}, {"A": "x", "C": "z"})
    assert merged.conflicts == ["B", "C"]
