"""Pages of bulk acts."""
