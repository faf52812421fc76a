"""The library of an office: every file that is attached is kept there; names, dates, removing, the log."""
