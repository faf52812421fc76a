"""A made-up nation whose answers have exactly the published figures of a year: the proof of the national report."""
