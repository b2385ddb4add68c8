"""Accounts of members who sign in by mail."""
