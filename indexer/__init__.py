"""The way in for documents: read, parse, chunk, embed, store. May import `knowledge` only."""
