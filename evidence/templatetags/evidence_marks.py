"""Marks of evidence in templates."""

from __future__ import annotations

from typing import Any

from django import template

from evidence.attaching import mark_words

register = template.Library()


@register.filter
def passage_words(mark: Any, most: int = 0) -> str:
    """The passage of a mark in quotation marks, or what stands for one; at most so many characters."""
    return mark_words.passage_words(mark.quote, mark.note, most)


@register.filter
def state_words(mark: Any) -> str:
    """What became of the passage of a mark; "" where it stands as it is said to."""
    return mark_words.state_words(mark.state)


@register.filter
def lacking_words(lacking: str) -> str:
    """What an attachment lacks that does not count."""
    return mark_words.lacking_words(lacking)
