"""A journal as a paper: who did what and when, before and after, with the outcome of its verification."""
