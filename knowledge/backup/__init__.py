"""Copies of the database that can be trusted: made while it is in use, checked, rotated, and put back."""
