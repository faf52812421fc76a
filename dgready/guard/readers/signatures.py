"""The first bytes by which pictures are recognised. PURE."""

from typing import Final

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE: Final = b"\xff\xd8\xff"
_HEIF_BRANDS: Final = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())


def is_heif(head: bytes) -> bool:
    """Whether this begins a HEIC or HEIF picture, as phones take them; AVIF is another one in the same box."""
    if head[4:8] != b"ftyp":
        return False
    box = head[: min(int.from_bytes(head[:4], "big"), 200)]
    brands = {box[8:12], *(box[at : at + 4] for at in range(16, len(box) - 3, 4))}
    return head[8:12] in _HEIF_BRANDS and not brands & {b"avif", b"avis"}
