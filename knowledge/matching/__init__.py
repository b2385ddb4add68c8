"""Matching: who does similar work, why them, and an introduction that both want."""
