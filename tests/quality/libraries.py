"""The libraries that the question sets are about, made once in a folder and kept there."""

from pathlib import Path
from typing import NamedTuple

from indexer.pipeline import Indexer
from knowledge.library import Library
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch

HERE = Path(__file__).parent


class QuestionSet(NamedTuple):
    """A question set: its file, and the folder of documents that it is about (`None`: the starter library)."""

    name: str
    questions: Path
    documents: Path | None


SETS = (
    QuestionSet("starter", HERE / "questions" / "starter.jsonl", None),
    QuestionSet("sample", HERE / "questions" / "sample.jsonl", HERE / "documents"),
)


def open_library(documents: Path | None, folder: Path) -> Library:
    """Return a library of these documents, or the starter library; what is in the folder already is not made again."""
    switch = Switch.ON if documents is None else Switch.OFF
    library = Library.open(Settings(data_dir=folder, starter_library=switch), open_embedder)
    if documents is None:
        Indexer(library).ensure_starter_library()
    else:
        Indexer(library).add([str(documents)])
    return library
