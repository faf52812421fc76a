"""Run as a program by evidence.files.pdfs: prints "pages N", "encrypted", "none" or "broken" for one PDF.

A crafted PDF can ask for any amount of memory or time; here that ends this process only.
"""

import resource
import sys

MEMORY = 1 << 30  # bytes of address space
SECONDS = 20  # of processor time
STREAM = 256 << 20  # bytes of one decoded stream


def main(path: str) -> str:
    """The one line that says what the file is."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(flate_max_memory=STREAM, png_max_memory=STREAM, tiff_max_memory=STREAM)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return "encrypted"
            count = len(pdf.pages)
            return f"pages {count}" if count else "none"
    except pikepdf.PasswordError:
        return "encrypted"
    except Exception:  # whatever a hostile file provokes, it is a broken file
        return "broken"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(main(sys.argv[1]))
