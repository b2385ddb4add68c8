"""Retrieval of chunks: embedder, dense (FAISS), lexical (full text), fusion, search."""
