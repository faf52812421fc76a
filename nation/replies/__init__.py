"""The right of reply: objections, decisions, later editions of a result."""
