"""Readers of files from outside; they run only in the child process of dgready.guard.reading. PURE."""
