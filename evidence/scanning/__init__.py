"""Scanning stored files for viruses after the upload: what waits, what was found, who is told."""
