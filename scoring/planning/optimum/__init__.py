"""What would be if: changes of answers, actions that raise a score, and the best plan. PURE."""
