"""Plots of the benchmarks' figures, by matplotlib: `plots.py CACHE INTO`. Runs in the peers' environment."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

SHOWN = {
    "faiss-bm25s": "FAISS + bm25s",
    "txtai": "txtai",
    "llamaindex": "LlamaIndex",
    "ours": "HALN Assistant",
    "haystack": "Haystack",
}
LINES = {
    "search_p95": "search without embedding, p95, ms",
    "dense_ms": "nearest vectors, p50, ms",
    "lexical_ms": "words, p50, ms",
    "add_ms": "add one document, ms",
    "findable_ms": "found in another process after, ms",
}


def main() -> None:
    cache, into = Path(sys.argv[1]), Path(sys.argv[2])
    # The same figures give the same file.
    pyplot.rcParams.update(
        {"svg.hashsalt": "haln", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
    )
    if (cache / "peers.json").exists():
        peers(json.loads((cache / "peers.json").read_text()), into / "performance-peers.svg")
    if (cache / "growth.json").exists():
        growth(json.loads((cache / "growth.json").read_text()), into / "performance-growth.svg")


def peers(figures: dict, path: Path) -> None:
    figure, axes = pyplot.subplots(1, len(figures), figsize=(4.6 * len(figures), 3.4), squeeze=False)
    for plot, (name, one) in zip(axes[0], figures.items(), strict=True):
        for (system, shown), marker in zip(SHOWN.items(), "sD^ov", strict=True):
            found = one["systems"][system]
            colour = "#005eb8" if system == "ours" else "#768692"
            plot.scatter(found["p50"], found["ndcg@10"], s=50, marker=marker, color=colour, label=shown)
        plot.set_xscale("log")
        ticks = [1, 1.3, 2, 5, 10, 20]
        plot.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        plot.minorticks_off()
        plot.set_xlim(0.9, 1.6 * max(found["p50"] for found in one["systems"].values()))
        plot.axvline(1, color="#d8dde0", zorder=0)
        plot.set_title(f"{name}, {one['chunks']:,} chunks")
        plot.set_xlabel("one search, in embeddings of one query (p50)")
        plot.set_ylabel("nDCG@10")
    axes[0][-1].legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    save(figure, path)


def growth(figures: dict, path: Path) -> None:
    sizes = [int(size) for size in figures]
    figure, plot = pyplot.subplots(figsize=(7, 3.8))
    for name, shown in LINES.items():
        values = [one[name] for one in figures.values()]
        plot.plot(sizes, values, marker="o", markersize=4, label=shown, linewidth=2.2 if name == "search_p95" else 1.2)
    plot.set_xscale("log")
    plot.set_yscale("log")
    plot.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    plot.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    plot.minorticks_off()
    plot.set_xlabel("chunks in the library")
    plot.set_ylabel("milliseconds")
    plot.grid(color="#d8dde0", linewidth=0.5)
    plot.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    save(figure, path)


def save(figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
