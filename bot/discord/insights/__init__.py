"""Insights for moderators: `/insights`, what can be done about a gap, and votes that an answer did not help."""
