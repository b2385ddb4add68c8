"""Several networks in one installation: which there are, whose a server is, and what one shows to another."""
