"""Acts of the real year (tests/browser/test_year_real.py), in the order of its calendar."""
