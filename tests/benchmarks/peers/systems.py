"""The peers, each as its own documentation sets up hybrid search: vectors in FAISS, BM25, both fused.

They get the same chunks and the same vectors, and embed queries with the same model: `knowledge.retrieval` is imported
for that alone. `search` returns the places of chunks, best first.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.retrieval.bundled_embedder import bundled_embedder
from tests.benchmarks.peers.worker import FOUND

_DEPTH = 100
_RRF = 60

Chunks = Sequence[dict[str, Any]]


class Embedding:
    """Nothing but the embedding of a query: what every other one is compared with."""

    def __init__(self, chunks: Chunks, vectors: np.ndarray, path: Path) -> None:
        self.path = path
        self.model = bundled_embedder()

    def vector(self, text: str) -> np.ndarray:
        return self.model.embed_queries([text])[0]

    def search(self, text: str) -> list[int]:
        self.vector(text)
        return []


class Bare(Embedding):
    """FAISS and bm25s with a loop around them: what somebody writes in an afternoon."""

    def __init__(self, chunks: Chunks, vectors: np.ndarray, path: Path) -> None:
        import bm25s
        import faiss
        import Stemmer

        super().__init__(chunks, vectors, path)
        self._tokenize, self._stemmer = bm25s.tokenize, Stemmer.Stemmer("english")
        self.dense = faiss.IndexFlatIP(vectors.shape[1])
        self.dense.add(vectors)
        self.words = bm25s.BM25()
        texts = [chunk["text"] for chunk in chunks]
        self.words.index(
            bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False), show_progress=False
        )
        path.mkdir(exist_ok=True)
        faiss.write_index(self.dense, str(path / "dense.faiss"))
        self.words.save(path / "words")
        self.depth = min(_DEPTH, len(chunks))

    def search(self, text: str) -> list[int]:
        near = self.dense.search(self.vector(text)[None], self.depth)[1][0].tolist()
        tokens = self._tokenize([text], stopwords="en", stemmer=self._stemmer, show_progress=False)
        matched = self.words.retrieve(tokens, k=self.depth, show_progress=False)[0][0].tolist()
        scores: dict[int, float] = {}
        for ranking in (near, matched):
            for place, chunk in enumerate(ranking):
                scores[chunk] = scores.get(chunk, 0.0) + 1 / (_RRF + place + 1)
        return sorted(scores, key=lambda chunk: -scores[chunk])[:FOUND]


class Txtai(Embedding):
    """txtai's hybrid index: its own BM25 beside FAISS, scores added with equal weights."""

    def __init__(self, chunks: Chunks, vectors: np.ndarray, path: Path) -> None:
        import os

        os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"
        from txtai import Embeddings

        super().__init__(chunks, vectors, path)
        known = {chunk["text"]: vector for chunk, vector in zip(chunks, vectors, strict=True)}

        def transform(texts: Sequence[str]) -> np.ndarray:
            return np.stack([known[text] if text in known else self.vector(text) for text in texts])

        self.index = Embeddings(method="external", transform=transform, hybrid=True, backend="faiss", batch=1024)
        self.index.index((number, chunk["text"], None) for number, chunk in enumerate(chunks))
        known.clear()
        self.index.save(str(path))

    def search(self, text: str) -> list[int]:
        return [number for number, _ in self.index.search(text, FOUND)]


class LlamaIndex(Embedding):
    """LlamaIndex: FAISS and BM25 retrievers below its fusion retriever, by reciprocal rank."""

    def __init__(self, chunks: Chunks, vectors: np.ndarray, path: Path) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.base.embeddings.base import BaseEmbedding
        from llama_index.core.llms import MockLLM
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.core.schema import TextNode
        from llama_index.retrievers.bm25 import BM25Retriever
        from llama_index.vector_stores.faiss import FaissVectorStore

        super().__init__(chunks, vectors, path)
        embed = self.vector

        class Model(BaseEmbedding):
            def _get_query_embedding(self, query: str) -> list[float]:
                return embed(query).tolist()

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return embed(query).tolist()

            def _get_text_embedding(self, text: str) -> list[float]:
                return embed(text).tolist()

        nodes = [
            TextNode(id_=str(number), text=chunk["text"], embedding=vector.tolist())
            for number, (chunk, vector) in enumerate(zip(chunks, vectors, strict=True))
        ]
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(vectors.shape[1]))
        context = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=context, embed_model=Model())
        depth = min(_DEPTH, len(chunks))
        self.retriever = QueryFusionRetriever(
            [
                index.as_retriever(similarity_top_k=depth),
                BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=depth),
            ],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            num_queries=1,
            similarity_top_k=FOUND,
            use_async=False,
        )
        index.storage_context.persist(str(path))

    def search(self, text: str) -> list[int]:
        return [int(found.node.node_id) for found in self.retriever.retrieve(text)]


class Haystack(Embedding):
    """Haystack: both retrievers of its in-memory store in a pipeline, joined by reciprocal rank."""

    def __init__(self, chunks: Chunks, vectors: np.ndarray, path: Path) -> None:
        from haystack import Document, Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        super().__init__(chunks, vectors, path)
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        store.write_documents(
            [
                Document(id=str(number), content=chunk["text"], embedding=vector.tolist())
                for number, (chunk, vector) in enumerate(zip(chunks, vectors, strict=True))
            ]
        )
        self.pipeline = Pipeline()
        self.pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=_DEPTH))
        self.pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=_DEPTH))
        self.pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=FOUND))
        self.pipeline.connect("words", "joined")
        self.pipeline.connect("dense", "joined")
        path.mkdir(exist_ok=True)
        store.save_to_disk(str(path / "store.json"))

    def search(self, text: str) -> list[int]:
        vector = self.vector(text).tolist()
        found = self.pipeline.run({"words": {"query": text}, "dense": {"query_embedding": vector}})
        return [int(document.id) for document in found["joined"]["documents"]]


SYSTEMS = {
    "embedding": Embedding,
    "faiss-bm25s": Bare,
    "txtai": Txtai,
    "llamaindex": LlamaIndex,
    "haystack": Haystack,
}
