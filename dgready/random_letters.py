"""Random texts at the cost of one call of the system. PURE."""

from __future__ import annotations

import secrets


def random_letters(alphabet: str, length: int) -> str:
    """So many letters of an alphabet, each as likely as any other; as unguessable as `secrets.choice` for each.

    One call of the system for all of them: each call lets go of the interpreter, and a busy process then runs another
    thread, so that a hundred of them in a page cost more than all else that they are for.
    """
    number = secrets.randbelow(len(alphabet) ** length)
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        letters.append(alphabet[index])
    return "".join(letters)
