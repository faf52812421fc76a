"""Pages are sent without the indentation of their source, and with all they hold."""

from __future__ import annotations

from django.template.loader import get_template

from dgready.template_loading import without_indentation


def test_lines_begin_with_what_they_hold() -> None:
    kept, also_kept = '<pre class="x">\n  kept\n</pre>', "<textarea>\n   kept</textarea>"
    source = f"<div>\n    <p>\n\t{{{{ a }}}} b\n  </p>\n</div>\n{kept}\n  {also_kept}\n  c"
    assert without_indentation(source) == f"<div>\n<p>\n{{{{ a }}}} b\n</p>\n</div>\n{kept}\n{also_kept}\nc"


def test_templates_of_the_project_come_so_and_those_of_libraries_too() -> None:
    assert "\n  " not in get_template("base.html").template.source  # type: ignore[attr-defined]
    assert get_template("bootstrap5/field.html")  # of a library
