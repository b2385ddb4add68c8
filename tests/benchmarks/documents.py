"""`make bench`: reading by format, the whole way of documents into the library, many documents, many unchanged ones.

Files are made here. Absolute figures depend on the machine; the shares compare within one run.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.library import item_files
from indexer.parsing import parse_file
from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.embedder import Embedder, WrappedEmbedder, open_embedder
from knowledge.settings import Settings, Switch
from knowledge.storage.arrays import Vectors
from tests.indexer.makers import pdf, slides, word, workbook

WORDS = (
    *("the", "council", "trust", "moved", "kitchen", "contracts", "to", "local", "growers", "within", "twenty"),
    *("miles", "and", "schools", "shared", "one", "van", "while", "porters", "kept", "their", "posts", "managers"),
    *("reported", "fewer", "vacancies", "on", "wards", "people", "health", "anchors", "learning", "network"),
    *("community", "wealth", "building", "procurement", "estates", "environment", "partnership", "residents"),
)
PAGES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=10_000, help="documents of the last two measurements")
    parser.add_argument("--rounds", type=int, default=3, help="how often pipeline and raw encoding are repeated")
    parser.add_argument("--figures", type=Path, default=Path(".bench/documents.json"), help="where the figures go")
    arguments = parser.parse_args()
    files = make_files(random.Random(1))
    for name, (content, pages, unit) in files.items():
        spent = min(seconds(lambda: parse_file(name, content)) for _ in range(3))  # noqa: B023  # called at once
        print(f"reading {name:<14} {pages / spent:8.0f} {unit} a second  ({pages} {unit}, {len(content) / 1e6:.1f} MB)")
    rows = pipeline(files, arguments.rounds)
    arguments.figures.parent.mkdir(parents=True, exist_ok=True)
    arguments.figures.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    many(arguments.many)


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(9, 20))).capitalize() + "."


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(7))


def make_files(chance: random.Random) -> dict[str, tuple[bytes, int, str]]:
    """A file of each format with about 400 words a page: name -> (bytes, pages, what a page is)."""
    pages = [[paragraph(chance) for _ in range(4)] for _ in range(PAGES)]
    html = "".join(f"<h2>Part {n}</h2>" + "".join(f"<p>{p}</p>" for p in page) for n, page in enumerate(pages))
    markdown = "\n\n".join(f"## Part {n}\n\n" + "\n\n".join(page) for n, page in enumerate(pages))
    cues = [
        f"00:{n // 60:02}:{n % 60:02}.000 --> 00:{n // 60:02}:{n % 60:02}.900\n<v Sam>{sentence(chance)}\n"
        for n in range(3000)
    ]

    def build_word(document):
        for number, page in enumerate(pages):
            document.add_heading(f"Part {number}", 1)
            for text in page:
                document.add_paragraph(text)

    def build_slides(deck):
        for number in range(PAGES):
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = f"Slide {number}"
            slide.placeholders[1].text = "\n".join(sentence(chance) for _ in range(5))

    rows = [["Organisation", "What", "Jobs"], *([f"Trust {n}", sentence(chance), n] for n in range(5000))]
    return {
        "report.pdf": (
            pdf(
                [[("heading", f"Part {n}"), *(("text", p) for p in page)] for n, page in enumerate(pages)],
                header="Sample",
                footer="Page {page}",
            ),
            PAGES,
            "pages",
        ),
        "page.html": (f"<html><body><main>{html}</main></body></html>".encode(), PAGES, "pages"),
        "notes.md": (markdown.encode(), PAGES, "pages"),
        "plan.docx": (word(build_word), PAGES, "pages"),
        "talk.pptx": (slides(build_slides), PAGES, "slides"),
        "jobs.xlsx": (workbook({"jobs": rows}), 5000, "rows"),
        "webinar.vtt": (("WEBVTT\n\n" + "\n".join(cues)).encode(), 3000, "cues"),
    }


def pipeline(files: dict[str, tuple[bytes, int, str]], rounds: int) -> list[list[str]]:
    """Files into the library, and nothing but encoding the same chunks; the median of several rounds, by measure."""
    settings = Settings(starter_library=Switch.OFF)
    model = open_embedder(settings)
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        sources.mkdir()
        for item in item_files():
            (sources / item.name).write_bytes(item.read_bytes())
        for name in ("report.pdf",):
            (sources / name).write_bytes(files[name][0])
        shares, work, within, whole = [], [], [], []
        # The first goes uncounted: it warms up, and gives the chunks.
        texts = _index(settings, Path(folder) / "first", sources, model).texts
        before = spending(lambda: model.embed_documents(texts))
        for number in range(rounds):
            indexed = _index(settings, Path(folder) / f"data{number}", sources, model)
            # Encoded once before and once after: a machine whose speed drifts is compared with itself at that moment.
            after = spending(lambda: model.embed_documents(texts))
            shares.append((before.clock + after.clock) / 2 / indexed.spent.clock)
            work.append((before.processor + after.processor) / 2 / indexed.spent.processor)
            within.append(indexed.embedding / indexed.spent.clock)
            whole.append(indexed.spent.clock)
            before = after
    print(f"\n{len(texts)} chunks of {len(list(item_files()))} Markdown files and a PDF of {PAGES} pages")
    print(f"pipeline, chunks a second                       {len(texts) / min(whole):.1f}")
    rows = [["passages", f"{len(texts):,}"]]
    for name, rounds_of in (
        ("raw encode / pipeline, by the clock", shares),
        ("raw encode / pipeline, by processor time", work),
        ("encoding within the pipeline / pipeline", within),
    ):
        each = ", ".join(f"{share:.2f}" for share in rounds_of)
        print(f"{name:<47} {statistics.median(rounds_of):.2f}  (rounds: {each})")
        rows.append([name, f"{statistics.median(rounds_of):.2f} ({each})"])
    print(f"refresh of the same, unchanged, seconds         {indexed.again:.2f}")
    return rows


class Spent(NamedTuple):
    """Seconds by the clock, and seconds of processors' work."""

    clock: float
    processor: float


class Indexed(NamedTuple):
    """What indexing took, how much of it embedding by the clock, a refresh afterwards, and the texts embedded."""

    spent: Spent
    embedding: float
    again: float
    texts: list[str]


def spending(work: Callable[[], object]) -> Spent:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - clock, time.process_time() - processor)


class Timed(WrappedEmbedder):
    """Adds up the seconds that embedding takes."""

    seconds = 0.0

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        before = time.perf_counter()
        vectors = super().embed_documents(texts)
        self.seconds += time.perf_counter() - before
        return vectors


def _index(settings: Settings, data: Path, sources: Path, model: Embedder) -> Indexed:
    timed = Timed(model)
    library = Library.open(settings.model_copy(update={"data_dir": data}), lambda _: timed)
    spent = spending(lambda: Indexer(library).add([str(sources)]))
    embedding = timed.seconds
    again = spending(lambda: Indexer(library).refresh()).clock
    texts = [c.embedded_text for d in library.store.documents() for c in _chunks(library, d.id, model)]
    library.close()
    return Indexed(spent, embedding, again, texts)


def _chunks(library: Library, document_id: str, model):
    from indexer.chunking import chunk_document
    from knowledge.domain.library import Document

    stored = library.store.document(document_id)
    document = Document(
        location="x", suggested_id="x", metadata=stored.metadata, sections=library.store.sections(document_id)
    )
    return chunk_document(document, model, library.settings.chunk_tokens)


MANY = """
import sys, time
from pathlib import Path
from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder


class Quick(WordEmbedder):
    words = {}

    def _word(self, word):
        if word not in self.words:
            self.words[word] = super()._word(word)
        return self.words[word]

folder, count = Path(sys.argv[1]), int(sys.argv[2])
library = Library.open(Settings(data_dir=folder / "data", starter_library=Switch.OFF), Quick)
seen = {}

def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

def told(done, total):
    for mark in (count // 10, count // 2, count):
        if done >= mark and mark not in seen:
            seen[mark] = rss()

started = time.perf_counter()
report = Indexer(library, told).add([str(folder / "sources")])
assert report.added == count, report.failed
print(f"{count} documents in, seconds (no model; words)        {time.perf_counter() - started:.1f}")
print("memory at a tenth, half and all of them, MB           " + ", ".join(f"{mb:.0f}" for mb in seen.values()))
# Not ru_maxrss: a process begins with its parent's.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
highest = int(status["VmHWM"].split()[0]) / 1e3
print(f"memory at its highest, MB                             {highest:.0f}")
started = time.perf_counter()
report = Indexer(library).refresh()
assert report.unchanged == count, report
print(f"refresh of {count} unchanged files, seconds            {time.perf_counter() - started:.1f}")
"""


def many(count: int) -> None:
    """Many documents in a process of its own, with words for an embedding model: what is measured is the rest."""
    chance = random.Random(2)
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        for number in range(count):
            path = sources / f"{number // 500:03}" / f"note-{number:05}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# Note {number}\n\n{paragraph(chance)}\n\n## More\n\n{paragraph(chance)}\n")
        print()
        subprocess.run([sys.executable, "-c", MANY, folder, str(count)], check=True)


def seconds(action) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
