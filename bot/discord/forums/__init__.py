"""Help in forums."""
