"""What is known, found and answered. The ground floor: imports neither `bot` nor `indexer`."""
