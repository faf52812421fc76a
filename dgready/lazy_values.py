"""What a kept block shows, made only when the block is: `{% keep page %}` with a `LazyValues` for `page`. PURE."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LazyValues:
    """The values of a kept block, by their own names, and the state they are made of.

    The state is compared in place of the values, which are not even made where the block is kept: it must name all
    that `make` reads, rights included; the language and the form of the page go without saying. `make` sends no query:
    what queries were sent for is not kept. A state of None is of one request alone, as a form that was refused: the
    block is made each time.
    """

    state: Hashable
    make: Callable[[], Mapping[str, Any]]
