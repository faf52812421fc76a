"""Template filters: dates of the Buddhist era in the reader's language."""

from django import template

register = template.Library()
