"""Shared examples in Discord: giving one, the review, and what its author is told."""
