"""Cogs: they receive events and hand over; they decide nothing."""
