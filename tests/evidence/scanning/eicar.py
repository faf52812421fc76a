"""EICAR's file, which scanners call a virus and which is none; in two halves, so that this file is none either."""

from tests.hostile.files import ooxml

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"


def infected() -> bytes:
    """A Word document that holds it."""
    return ooxml("docx", {"word/media/image1.txt": EICAR})
