"""Texts that several faces show, kept out of the code that decides."""
