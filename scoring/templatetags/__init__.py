"""Template helpers of scoring."""
