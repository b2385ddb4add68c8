"""The faces of HALN Assistant: the terminal and Discord. The top floor: may import `indexer` and `knowledge`."""
