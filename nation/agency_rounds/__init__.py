"""Years that each agency answers for itself: the average of a province, response rates, the centre's figures."""
