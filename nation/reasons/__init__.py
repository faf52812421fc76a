"""Free-text reasons put into a list by the centre, and examples picked for publication."""
