"""Reviewing evidence: verdicts, the queue of what is to be looked at, what goes back to the agencies."""
