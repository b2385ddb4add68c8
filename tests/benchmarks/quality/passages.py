"""What title and headings in the embedded text are worth on files and questions whose passages are known.

`python -m tests.benchmarks.quality.passages SOURCE QUESTIONS`: the source is indexed with and without them, and the
same questions are asked of both.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from bot.evaluation.answers import evaluate_answers
from bot.evaluation.questions import read_questions
from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from tests.benchmarks.quality.libraries import embed_text_only
from tests.cached_models import CachedEmbedder

FIGURES = ("hit@1", "hit@3", "hit@5", "evidence_in_answer", "must_include", "wrong_refusal", "wrong_answer")


def main(arguments=None, make_embedder=open_embedder) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality.passages", description=__doc__)
    parser.add_argument("source", help="a file or a folder")
    parser.add_argument("questions", type=Path, help="as for `haln eval answers`")
    options = parser.parse_args(arguments)
    asked = read_questions(options.questions)
    settings = Settings.from_environment()
    embedder = CachedEmbedder(make_embedder(settings))
    with tempfile.TemporaryDirectory() as folder:
        own = {name: _of(settings, Path(folder) / name) for name in ("with", "without")}
        library = _opened(own["with"], embedder)
        Indexer(library).add([options.source])
        library.close()
        shutil.copytree(own["with"].data_dir, own["without"].data_dir, ignore=shutil.ignore_patterns("*-shm"))
        embed_text_only(own["without"], embedder)
        found = {name: _figures(_opened(chosen, embedder), asked) for name, chosen in own.items()}
    print("| title and headings in the embedded text | " + " | ".join(FIGURES) + " |")
    print("|---" * (len(FIGURES) + 1) + "|")
    for name, figures in found.items():
        print(f"| {name} | " + " | ".join(f"{figures[figure]:.3f}" for figure in FIGURES) + " |")


def _of(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"data_dir": folder, "starter_library": Switch.OFF})


def _opened(settings: Settings, embedder: CachedEmbedder) -> Library:
    return Library.open(settings, lambda _: embedder)


def _figures(library: Library, asked) -> dict:
    figures, _ = evaluate_answers(asked, library)
    library.close()
    return figures


if __name__ == "__main__":
    main()
