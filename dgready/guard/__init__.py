"""The guard: whatever comes from outside is opened here and nowhere else.

`reading` starts a reader in a child process within limits of memory, processor time, time and output; `tables` and
`inspection` ask it for a table and for what a file is. `readers/` are the pure functions that run in the child, each
over a well-kept parser; nothing imports them but each other (tests/test_guard.py). `clamd` asks the virus scanner.
"""
