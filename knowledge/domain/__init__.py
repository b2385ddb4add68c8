"""The nouns of the library, examples and members, and their vocabulary. Imports nothing of the product."""
