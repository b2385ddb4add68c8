"""What members read, kept out of the code that decides."""
