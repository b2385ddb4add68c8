"""How documents get in: read, parse, chunk, embed, store. May import `knowledge` only."""
