"""What became of each question from one year's form to the next, and what of an old answer fits the new one. PURE."""
