"""Second factors: signing in, one's own pages, who must have one, being asked again, resets."""
