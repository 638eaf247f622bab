"""A question to an answer, and how good the answers are. Reads an index through `index` only."""
