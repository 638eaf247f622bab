"""Articles to an index on disk, and reading it back. Never imports `qa`."""
