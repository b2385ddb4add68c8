"""The reader: a small model that reads a question with a passage and says which of its sentences answer."""
