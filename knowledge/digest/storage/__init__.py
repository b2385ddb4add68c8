"""Storage of who wants the digest, and of addresses that mail comes back from."""
