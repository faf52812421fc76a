"""A guide as HTML: Markdown in; headings with anchors, links and pictures of this installation out. PURE.

Raw HTML is shown as text and addresses that run scripts are refused, so that nothing of a guide can act on a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Pictures with a width are written as HTML in the guides, since Markdown knows no width.
_SIZED_PICTURE = re.compile(r'<img src="([^"\s]+)" alt="([^"\]]*)" width="(\d+)">')
_WIDTH_TITLE = re.compile(r"width-(\d+)")


@dataclass(frozen=True, slots=True)
class GuideSection:
    """A heading of a guide with the text below it. `anchor`: the id of the heading; empty for the start."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A rendered guide: its title, its HTML without the title, its sections in order."""

    slug: str
    title: str
    html: str
    sections: tuple[GuideSection, ...]

    @property
    def anchors(self) -> frozenset[str]:
        """The ids of its headings."""
        return frozenset(section.anchor for section in self.sections)

    @property
    def contents(self) -> tuple[GuideSection, ...]:
        """Its main parts, for a list of contents."""
        return tuple(section for section in self.sections if section.level == 2)


def heading_anchor(title: str) -> str:
    """The anchor of a heading, as the usual Markdown renderers make it."""
    kept = (c for c in title.lower() if c in "-_ " or unicodedata.category(c)[0] in "LMN")
    return "".join(kept).strip().replace(" ", "-")


def render_guide(
    slug: str, source: str, *, link: Callable[[str, str], str | None], picture: Callable[[str], str]
) -> Guide:
    """Renders a guide. `link`: the address of a page and anchor, None where the page is not shown (its text stays).

    `picture`: the address of a picture of the guides.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(_SIZED_PICTURE.sub(r'![\2](\1 "width-\3")', source))
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "table")
        if token.children:
            token.children = list(_own_addresses(token.children, link, picture))
    sections = _name_headings(tokens)
    title = sections[0].title if sections else slug
    body = [t for n, t in enumerate(tokens) if not _is_title(tokens, n)]
    html = markdown.renderer.render(body, markdown.options, {})
    html = html.replace("<table", '<div class="guide-table" tabindex="0"><table').replace("</table>", "</table></div>")
    return Guide(slug, title, html, tuple(sections))


def _is_title(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token belongs to the heading of the first level, which the page shows itself."""
    near = tokens[max(index - 2, 0) : index + 1]
    return any(t.type == "heading_open" and t.tag == "h1" for t in near)


def _name_headings(tokens: Sequence[Token]) -> list[GuideSection]:
    """Gives each heading its id; returns the sections with their text."""
    sections: list[GuideSection] = []
    seen: dict[str, int] = {}
    heading: tuple[str, str, int] | None = None
    lines: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            if heading:
                sections.append(GuideSection(*heading, text="\n".join(lines)))
            title = _plain_text(tokens[index + 1])
            anchor = heading_anchor(title)
            count = seen[anchor] = seen.get(anchor, -1) + 1
            token.attrSet("id", anchor if not count else f"{anchor}-{count}")
            heading, lines = (str(token.attrGet("id")), title, int(token.tag[1])), []
        elif token.type in ("inline", "fence", "code_block") and tokens[index - 1].type != "heading_open":
            lines.append(_plain_text(token) if token.type == "inline" else token.content.strip())
    if heading:
        sections.append(GuideSection(*heading, text="\n".join(lines)))
    return sections


def _plain_text(token: Token) -> str:
    """The words of a line without marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ()
    ).strip()


def _own_addresses(
    children: Sequence[Token], link: Callable[[str, str], str | None], picture: Callable[[str], str]
) -> Iterator[Token]:
    """The parts of a line with the addresses of this installation; links to what is not shown become their text."""
    dropped = False
    for child in children:
        if child.type == "image":
            child.attrSet("src", picture(str(child.attrGet("src") or "").rpartition("/")[2]))
            if sized := _WIDTH_TITLE.fullmatch(str(child.attrs.pop("title", ""))):
                child.attrSet("width", sized[1])
        elif child.type == "link_open":
            address = str(child.attrGet("href") or "")
            if "://" not in address:
                page, _hash, anchor = address.partition("#")
                found = link(page, anchor)
                dropped = found is None
                if found is None:
                    continue
                child.attrSet("href", found)
            else:
                child.attrSet("rel", "noopener noreferrer")
        elif child.type == "link_close" and dropped:
            dropped = False
            continue
        yield child
