"""What makes two requests the same."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from reports.jobs.keeping import is_of_draft
from reports.jobs.sameness import KEPT_KINDS, SHARED_KINDS, RequestedState, is_given_again, is_shared, request_key
from reports.models import ReportKind

STATE = RequestedState(response=7, state="draft", version=3, head="a", moves=0)
OTHER = {"response": 8, "state": "approved", "version": 4, "head": "b", "moves": 1, "withheld": 1}


def test_the_same_for_everybody() -> None:
    assert request_key("result", {"a": 1, "b": 2}, STATE, 1) == request_key("result", {"b": 2, "a": 1}, STATE, 2)
    assert len(request_key("result", {}, STATE, None)) == 64


@pytest.mark.parametrize("name", [field.name for field in fields(RequestedState)])
def test_another_state_is_another_request(name: str) -> None:
    changed = replace(STATE, **{name: OTHER.get(name, "other")})
    assert request_key("result", {}, changed, 1) != request_key("result", {}, STATE, 1)


@pytest.mark.parametrize(
    ("kind", "params"), [("dga", {}), ("result", {"language": "en"}), ("result", {"version": 1}), ("result", {"x": ""})]
)
def test_another_file_is_another_request(kind: str, params: dict) -> None:
    assert request_key(kind, params, STATE, 1) != request_key("result", {}, STATE, 1)


@pytest.mark.parametrize("kind", [kind for kind in ReportKind if kind.may_print_opinions])
def test_papers_with_opinions_are_each_persons_own(kind: ReportKind) -> None:
    assert not is_shared(kind)
    assert not is_given_again(kind, {})
    assert request_key(kind, {}, STATE, 1) != request_key(kind, {}, STATE, 2)
    assert request_key(kind, {}, STATE, 1) == request_key(kind, {}, STATE, 1)


def test_what_is_not_named_is_not_shared() -> None:
    assert not is_shared("a-kind-to-come")
    assert not is_given_again("a-kind-to-come", {})
    assert KEPT_KINDS <= SHARED_KINDS <= {kind.value for kind in ReportKind}


def test_a_paper_of_another_year_is_made_anew() -> None:
    assert is_given_again("result", {})
    assert not is_given_again("result", {"year": 2566})


def test_what_stays() -> None:
    assert is_of_draft("result", {}, approved=False)
    assert not is_of_draft("result", {}, approved=True)
    assert not is_of_draft("result", {"version": 1}, approved=False)
    assert not is_of_draft("minutes", {}, approved=False)
