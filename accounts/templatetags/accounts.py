"""Template tags of accounts."""

from django import template

from accounts.links import scope_url

register = template.Library()
register.simple_tag(scope_url)
