"""The assistant in a terminal."""
