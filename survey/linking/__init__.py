"""What became of each question from one year's form to the next, as data. PURE."""
