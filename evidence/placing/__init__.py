"""The library at work: its pages, bringing documents in, placing them as evidence, new versions of them."""
