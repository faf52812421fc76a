"""Writes the Python code of compiled cards: calls, attributes and addresses are reached without a detour. PURE.

Jinja2 sends each call, attribute and text through functions of its own, so that a template may do what it likes with
whatever it is given. The cards are ours, and what they are given is known; half of a page's time went there.
"""

from __future__ import annotations

import re
from typing import Any, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

FUNCTIONS: Final = frozenset({"g", "e", "rows", "month", "be_year"})  # given to each card, see card_renderer
HTML_SAFE: Final = frozenset({"u", "csrf", "owner", "r"})  # addresses and keys: their letters are never HTML's
_ROW_PREFIX: Final = re.compile(r"p[0-9]+q?\Z")


class CardCodeGenerator(CodeGenerator):
    """Jinja2's code generator for the cards' templates, whose output is the same."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Call a function of the card with positional arguments directly; anything else as Jinja2 does."""
        if not isinstance(node.node, nodes.Name) or node.node.name not in FUNCTIONS:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Read an attribute of an object; no card reads keys of a mapping that way."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        """Put an address together: of plain text, so that nothing has to be escaped."""
        self.write("''.join((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _is_html_safe(node):
            self.write("str(")
        else:
            super()._output_child_pre(node, frame, finalize)


def _is_html_safe(node: nodes.Expr) -> bool:
    """Whether a name's text needs no escaping: a base address, a key, a repeat row, its prefix (p1, and p1q quoted)."""
    return isinstance(node, nodes.Name) and (node.name in HTML_SAFE or bool(_ROW_PREFIX.match(node.name)))
