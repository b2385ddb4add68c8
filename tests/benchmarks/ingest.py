"""`make bench`: how fast documents go in and questions are answered, as ratios within one run.

Indexes the starter library repeatedly enlarged, and compares with nothing but `SentenceTransformer.encode` on the same
chunks. Absolute times depend on the machine; the ratios are what to watch.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from indexer.chunking import chunk_document
from indexer.library.documents import starter_documents
from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch

QUESTIONS = (
    "How do we get started?",
    "Who has worked with housing associations?",
    "How far did ELFT shift its buying towards local firms?",
    "What did young people in Essex say about working in the NHS?",
    "Which football club won the cup?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each measurement is repeated")
    rounds = parser.parse_args().rounds
    settings = Settings(starter_library=Switch.OFF)
    model = open_embedder(settings)
    documents = list(starter_documents())
    texts = [c.embedded_text for d in documents for c in chunk_document(d, model, settings.chunk_tokens)]
    model.embed_documents(texts[:8])
    measured = [measure(settings, model, documents, texts) for _ in range(rounds)]
    raw, spent, unchanged = (statistics.median(column) for column in zip(*[m[:3] for m in measured], strict=True))
    asked = [timing for m in measured for timing in m[3]]
    print(f"documents {len(documents)}, chunks {len(texts)}, rounds {rounds} (medians)")
    print(f"pipeline / raw encode, chunks per second      {raw / spent:.2f}")
    print(f"pipeline, chunks per second                   {len(texts) / spent:.1f}")
    print(f"pipeline, documents per second                {len(documents) / spent:.1f}")
    print(f"a second run over unchanged documents, share  {unchanged / spent:.3f}")
    print(f"one answer / one embedded question            {share(asked):.1f}")
    print(f"one answer, ms (median)                       {statistics.median(t['total'] for t in asked):.0f}")


def measure(settings, model, documents, texts):
    """Seconds of raw encoding, of the pipeline and of a second run over the same, and the timings of answers."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(settings.model_copy(update={"data_dir": Path(folder)}), lambda _: model)
        raw = seconds(lambda: model.embed_documents(texts))
        spent = seconds(lambda: Indexer(library).store_documents(documents, len(documents)))
        unchanged = seconds(lambda: Indexer(library).store_documents(documents, len(documents)))
        assistant = Assistant(library, log_questions=False, reuse_answers=False)
        assistant.warm_up()
        asked = [
            {
                # An answer finds the vector of a question that was asked a moment ago.
                "embed": seconds(lambda question=question: model.embed_queries([question])) * 1000,
                "total": assistant.ask(question).timings_ms["total"],
            }
            for question in QUESTIONS
            for _ in range(4)
        ]
        library.close()
    return raw, spent, unchanged, asked


def seconds(action) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def share(timings) -> float:
    return statistics.median(t["total"] / t["embed"] for t in timings)


if __name__ == "__main__":
    main()
