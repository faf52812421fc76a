"""The project's templates as they are sent: without the indentation that is for those who read the source.

It was a tenth of a page and more. Done once per process, when a template is loaded; lines stay, so that an error names
its own.
"""

from __future__ import annotations

import re
from typing import Final

from django.template.base import Origin
from django.template.loaders import filesystem

# Whose text is shown as it is written.
_VERBATIM: Final = re.compile(r"(<(pre|textarea)\b.*?</\2\s*>)", re.DOTALL)
_INDENTATION: Final = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Loads a template of the project's folder; of HTML without its indentation."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template. Raises TemplateDoesNotExist."""
        contents = super().get_contents(origin)
        return without_indentation(contents) if origin.name.endswith(".html") else contents


def without_indentation(source: str) -> str:
    """HTML whose lines begin with what they hold, but for text that is shown as it is written."""
    parts = _VERBATIM.split(source)
    # Of each match three parts: what stands before it, all of it, and its name.
    parts[::3] = [_INDENTATION.sub("\n", part) for part in parts[::3]]
    del parts[2::3]
    return "".join(parts)
