"""How chunks are found: embedder, dense (FAISS), lexical (full text), fusion, search."""
