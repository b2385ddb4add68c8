"""`python -m tests.benchmarks.accelerator FOLDER`: embedding and reading on a graphics card beside the processor.

FOLDER holds a public collection (corpus.jsonl, queries.jsonl, qrels.tsv). Needs the extra `gpu`, and nothing of the
assistant but its models. Of `--part embed` each text is embedded both ways by the same weights; of `--part read` each
query is read with the twenty passages that follow one that answers it.
"""

import argparse
import csv
import itertools
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from knowledge.answering.reader.onnx_reader import OnnxReader
from knowledge.answering.reader.packaged_reader import AcceleratedReader
from knowledge.answering.reader.scores import Passage
from knowledge.models.accelerator import Accelerator
from knowledge.models.pool import available_processors
from knowledge.retrieval.bundled_embedder import BGE_SMALL, MINILM, OnnxEmbedder

PASSAGES = 20
ASKERS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=["minilm", "bge", "read"], action="append")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--texts", type=int, default=1_000_000, help="texts at most")
    parser.add_argument("--queries", type=int, default=60, help="queries that are read")
    options = parser.parse_args()
    accelerator = Accelerator(options.device)
    accelerator.load()
    import torch

    card = torch.cuda.get_device_name() if options.device.startswith("cuda") else options.device
    print(f"{card}, torch {torch.__version__}; beside {available_processors()} processors")
    documents = rows(options.folder / "corpus.jsonl")[: options.texts]
    queries = rows(options.folder / "queries.jsonl")
    relevant = judgements(options.folder / "qrels.tsv")
    parts = options.part or ["minilm", "bge", "read"]
    for model in (MINILM, BGE_SMALL):
        if ("bge" if model is BGE_SMALL else "minilm") in parts:
            embed(OnnxEmbedder(model), options.device, documents, queries, relevant)
    if "read" in parts:
        read(accelerator, documents, queries, relevant, options.queries)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def judgements(path: Path) -> dict[str, set[str]]:
    with path.open(encoding="utf-8") as file:
        found: dict[str, set[str]] = {}
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                found.setdefault(row["query-id"], set()).add(row["corpus-id"])
    return found


def seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def embed(embedder, device, documents, queries, relevant) -> None:
    texts = [f"{row.get('title', '')}\n{row['text']}".strip() for row in documents]
    started = time.perf_counter()
    embedder.embed_on(device, texts[:8])
    loaded = time.perf_counter() - started
    on_card = seconds(lambda: embedder.embed_on(device, texts))
    part = texts[:: max(1, len(texts) // 2_000)]
    on_processor = seconds(lambda: embedder.embed_documents(part)) / len(part)
    print(f"{embedder.name}: loaded in {loaded:.1f} s; {len(texts) / on_card:,.0f} texts a second on the card, ")
    print(f"  {1 / on_processor:,.0f} on the processors ({on_processor * len(texts) / on_card:.1f} times as many)")
    asked = [row for row in queries if row["_id"] in relevant]
    exact, whole = embedder.embed_documents(texts), embedder.embed_on(device, texts)
    cosines = (exact * whole).sum(axis=1)
    print(f"  cosine of both: mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    vectors = embedder.embed_queries([row["text"] for row in asked])
    names = [row["_id"] for row in documents]
    for title, matrix in (("processor", exact), ("card", whole)):
        print(
            f"  nDCG@10 of it alone, documents by the {title}: {ndcg(vectors @ matrix.T, asked, names, relevant):.4f}"
        )
    one = [seconds(lambda: embedder.embed_queries([row["text"]])) for row in asked[:60]]  # noqa: B023  # called at once
    other = [seconds(lambda: embedder.embed_on(device, [row["text"]])) for row in asked[:60]]  # noqa: B023
    print(f"  one query: {ms(other)} ms on the card, {ms(one)} ms on the processor")


def ndcg(scores, asked, names, relevant) -> float:
    gains = 1 / np.log2(np.arange(2, 12))
    total = 0.0
    for row, line in zip(asked, scores, strict=True):
        wanted = relevant[row["_id"]]
        best = [names[place] in wanted for place in np.argsort(-line)[:10]]
        total += float((gains * best).sum() / gains[: len(wanted)].sum())
    return total / len(asked)


def read(accelerator, documents, queries, relevant, many) -> None:
    places = {row["_id"]: place for place, row in enumerate(documents)}
    asked = [row for row in queries if any(name in places for name in relevant.get(row["_id"], ()))][:many]
    questions = [
        (row["text"], [passage(documents[(first + step) % len(documents)]) for step in range(PASSAGES)])
        for row in asked
        for first in [places[next(name for name in relevant[row["_id"]] if name in places)]]
    ]
    processor, card = OnnxReader(), AcceleratedReader(accelerator)
    for reader in (processor, card):
        reader.read(*questions[0])
    by_processor, by_card, spent = [], [], ([], [])
    for question in questions:
        spent[0].append(seconds(lambda: by_processor.append(processor.read(*question))))  # noqa: B023
        spent[1].append(seconds(lambda: by_card.append(card.read(*question))))  # noqa: B023
    print(f"reader, {PASSAGES} passages: {ms(spent[1])} ms on the card, {ms(spent[0])} on the processors")
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(ASKERS) as pool:
        for title, reader, times in (("card", card, 4), ("processors", processor, 1)):
            took = seconds(lambda: list(pool.map(lambda asked: reader.read(*asked), questions * times)))  # noqa: B023
            print(f"  {ASKERS} askers at once: {len(questions) * times / took:.1f} questions a second on the {title}")
    flat = [[score for found in side for one in found for score in one.sentences] for side in (by_processor, by_card)]
    whole = [[one.answerable for found in side for one in found] for side in (by_processor, by_card)]
    for title, (first, second) in (("sentences", flat), ("passages", whole)):
        one, other = np.array(first), np.array(second)
        print(
            f"  logits of {len(one):,} {title}: correlation {np.corrcoef(one, other)[0, 1]:.4f}, mean difference "
            f"{np.abs(one - other).mean():.3f}, on the other side of 0: {((one > 0) != (other > 0)).mean():.4f}"
        )


def passage(row: dict[str, str]) -> Passage:
    text = row["text"]
    ends = [place + 1 for place in range(len(text) - 1) if text[place] in ".?!" and text[place + 1] == " "]
    bounds = [0, *ends, len(text)]
    cut = [(start, end) for start, end in itertools.pairwise(bounds) if text[start:end].strip()]
    return Passage(row.get("title", ""), text, tuple(cut))


def ms(spent: list[float]) -> str:
    ordered = sorted(spent)
    return f"p50 {statistics.median(ordered) * 1000:.1f}, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.1f}"


if __name__ == "__main__":
    main()
