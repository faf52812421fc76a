"""`{% keep %}`: what a kept block shows is what its template would show now, whoever asks."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.template import Context, engines
from django.template.base import Template
from django.utils import translation
from django.utils.safestring import SafeString

from accounts.models import User
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from dgready.templatetags.keep import KeepNode, UnnamedValue
from tests.factories import UserFactory


def template(text: str) -> Template:
    """A template of the product's engine."""
    made: Any = engines["django"].from_string("{% load i18n keep %}" + text)
    return made.template  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Row:
    """Something with a name."""

    name: str


def test_same_values_are_made_once_and_changed_ones_anew() -> None:
    page = template("{% keep rows %}{% for row in rows %}<b>{{ row.name }}</b>{% endfor %}{% endkeep %}")
    with mock.patch.object(KeepNode, "_make", autospec=True, side_effect=KeepNode._make) as made:
        shown = [page.render(Context({"rows": [Row(name)]})) for name in ("a", "a", "<", "a")]
    assert shown == ["<b>a</b>", "<b>a</b>", "<b>&lt;</b>", "<b>a</b>"]
    assert made.call_count == 2


@pytest.mark.parametrize(
    ("one", "other"), [("<i>", SafeString("<i>")), (1, True), (Decimal("1.0"), Decimal("1.00")), (None, ""), (0, False)]
)
def test_values_that_only_seem_equal_are_told_apart(one: object, other: object) -> None:
    kept, plain = template("{% keep value %}{{ value }}{% endkeep %}"), template("{{ value }}")
    for value in (one, other, one):
        assert kept.render(Context({"value": value})) == plain.render(Context({"value": value}))


def test_each_language_has_its_own() -> None:
    page = template("{% keep %}{% translate 'บันทึก' %}{% endkeep %}")
    shown = {}
    for language in ("th", "en", "th"):
        with translation.override(language):
            shown[language] = page.render(Context())
    assert shown["th"] == "บันทึก" != shown["en"]


def test_a_block_that_shows_what_it_does_not_name_is_refused() -> None:
    for text in ("{{ user }}", "{% if user %}x{% endif %}", "{% for one in user %}x{% endfor %}"):
        with pytest.raises(UnnamedValue, match="user"):
            template("{% keep rows %}" + text + "{% endkeep %}").render(Context({"rows": (), "user": "a"}))


def test_what_cannot_be_compared_is_refused() -> None:
    values = (line for line in ())
    with pytest.raises(TypeError, match="pickle"):
        template("{% keep value %}{% endkeep %}").render(Context({"value": values}))


def test_a_name_the_page_lacks_shows_nothing() -> None:
    text = "{{ value }}{% if value %}x{% endif %}{{ value.name|default:'-' }}"
    assert template("{% keep value %}" + text + "{% endkeep %}").render(Context()) == template(text).render(Context())


def test_tokens_are_those_of_each_request() -> None:
    page = template("{% keep action %}<form action='{{ action }}'>{% csrf_token %}</form>{{ csp_nonce }}{% endkeep %}")
    for token in ("first", "second"):
        shown = page.render(Context({"action": "x", "csrf_token": token, "csp_nonce": token * 2}))
        assert f'value="{token}"' in shown
        assert shown.endswith(token * 2)
        assert "\0" not in shown


def test_a_block_inside_a_block() -> None:
    page = template("{% keep a %}{{ a }}{% keep b=a %}{{ b }}{% csrf_token %}{% endkeep %}{% endkeep %}")
    for token in ("one", "two"):
        assert f'value="{token}"' in page.render(Context({"a": "x", "csrf_token": token}))


@pytest.mark.django_db
def test_what_reads_the_database_is_shown_but_not_kept() -> None:
    page = template("{% keep rows %}{{ rows.found }}{% endkeep %}")
    with mock.patch.object(KeepNode, "_make", autospec=True, side_effect=KeepNode._make) as made:
        shown = [page.render(Context({"rows": Lazy()})) for _time in range(2)]
    assert shown == ["0", "0"]
    assert made.call_count == 2


class Lazy:
    """Something that asks only when it is shown."""

    def found(self) -> int:
        """A count."""
        return User.objects.filter(pk=0).count()


def test_what_is_made_of_a_state_is_made_once_for_it() -> None:
    page, made = template("{% keep page %}{{ word }}{% endkeep %}"), []

    def show(word: str, *same: object) -> str:
        def make() -> dict[str, str]:
            made.append(word)
            return {"word": word}

        return page.render(Context({"page": LazyValues((word, SameObjects(*same)), make)}))

    one, other = [1], [1]
    assert [show("a", one), show("a", one), show("b", one)] == ["a", "a", "b"]
    assert made == ["a", "b"]
    show("a", other)  # equal, and yet another
    show("a", one, other)
    assert made == ["a", "b", "a", "a"]
    with pytest.raises(TypeError, match="this process"):
        pickle.dumps(SameObjects(one))


@pytest.mark.django_db
def test_what_read_the_database_while_it_was_made_is_not_kept() -> None:
    page = template("{% keep page %}{{ count }}{% endkeep %}")
    for count in (0, 1):
        assert page.render(Context({"page": LazyValues("people", lambda: {"count": User.objects.count()})})) == str(
            count
        )
        UserFactory()
