"""What members press and choose. Nothing here remembers anything: a custom id names what to look up."""
