"""Guidance on what to do next: first steps by stage, the next event that fits, and what others measured."""
