"""The benchmark of quality itself: intervals, rival fusions, kept libraries, and the whole with the fake model."""

import json

import numpy as np
import pytest

from bot.evaluation.retrieval import read_collection
from indexer.library import item_files
from knowledge.settings import Settings
from tests.benchmarks.quality import fusions, measuring
from tests.benchmarks.quality.__main__ import main
from tests.benchmarks.quality.bootstrap import intervals
from tests.benchmarks.quality.fusions import Candidates
from tests.benchmarks.quality.libraries import built
from tests.benchmarks.quality.measuring import measure
from tests.benchmarks.quality.passages import main as compare_passages
from tests.benchmarks.quality.rows import ROWS, WITHOUT_HEADINGS, Row, Setup, hybrid, product
from tests.benchmarks.quality.starter import starter_collection
from tests.benchmarks.quality.table import table
from tests.fakes import WordEmbedder

FOUND = Candidates(
    cosines={1: 0.9, 2: 0.5, 3: 0.1},
    nearest=(1, 2),
    bm25={3: 8.0, 2: 2.0},
    dense_mean=0.1,
    dense_deviation=0.2,
    lexical_mean=1.0,
    lexical_deviation=2.0,
)


def test_intervals_hold_the_mean_and_narrow_with_more_queries():
    values = np.random.default_rng(1).normal(0.5, 0.2, size=(400, 1))
    [few], [many] = intervals(values[:40]), intervals(values)
    assert few.low < few.mean < few.high
    assert many.mean == pytest.approx(values.mean())
    # The interval of a mean: 1.96 standard errors to either side.
    assert many.high - many.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)
    assert few.high - few.low > 2 * (many.high - many.low)
    assert intervals(values) == [many]


def test_differences_are_paired():
    """A small gain on every query is certain, however much the queries differ."""
    base = np.random.default_rng(2).uniform(size=(100, 1))
    [gain] = intervals(base + 0.01 - base)
    assert (gain.low, gain.high) == pytest.approx((0.01, 0.01))
    [none] = intervals(base - base)
    assert none == (0.0, 0.0, 0.0)


def test_rival_fusions_by_hand():
    assert fusions.reciprocal_rank(FOUND) == pytest.approx({1: 1 / 61, 2: 1 / 62 + 1 / 62, 3: 1 / 61})
    assert fusions.min_max(FOUND) == pytest.approx({1: 1.0, 2: 0.5 + 0.25, 3: 0.0 + 1.0})
    dense, lexical = np.array([0.9, 0.5, 0.1]), np.array([0.0, 2.0, 8.0])
    expected = (dense - dense.mean()) / dense.std() + (lexical - lexical.mean()) / lexical.std()
    assert list(fusions.z_over_candidates(FOUND).values()) == pytest.approx(list(expected))
    assert fusions.z_over_collection(FOUND, 0.5) == pytest.approx({1: 4 - 0.25, 2: 2 + 0.25, 3: 0 + 1.75})


def test_nothing_found_and_nothing_that_varies():
    empty = Candidates({}, (), {}, 0.0, 0.0, 0.0, 0.0)
    flat = Candidates({1: 0.5, 2: 0.5}, (1, 2), {}, 0.5, 0.0, 0.0, 0.0)
    for fusion in (fusions.reciprocal_rank, fusions.min_max, fusions.z_over_candidates):
        assert fusion(empty) == {}
    assert fusions.min_max(flat) == fusions.z_over_candidates(flat) == {1: 0.0, 2: 0.0}


def test_the_table_marks_differences_that_are_none_of_chance():
    base = np.random.default_rng(3).uniform(size=(50, 2))
    lines = list(table({"small": {"default": base, "worse": base - 0.1, "same": base}}))
    assert len(lines) == 5
    assert lines[2].startswith("| small | default |")
    assert "| **−0.100 [−0.100, −0.100]** |" in lines[3]
    assert "| +0.000 [+0.000, +0.000] |" in lines[4]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    topics = {
        "bread": "ovens and flour",
        "boats": "rivers and sails",
        "trains": "rails of the Sample Railway Guild (SRG)",
    }
    rows = [{"_id": name, "title": name.title(), "text": f"A text about {of}."} for name, of in topics.items()]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    queries = [{"_id": f"q-{name}", "text": f"{name} {of.split()[0]}"} for name, of in topics.items()]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    qrels = "".join(f"q-{name}\t{name}\t1\n" for name in topics)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + qrels)
    return folder


def test_the_whole_table_from_libraries_that_are_built_once(folder, tmp_path, capsys):
    made = []

    def embedder(settings):
        made.append(WordEmbedder(settings))
        return made[-1]

    arguments = [str(folder), "--cache", str(tmp_path / "cache"), "--headings"]
    main(arguments, embedder)
    first = capsys.readouterr()
    rows = first.out.splitlines()[2:]
    assert [row.split(" | ")[1] for row in rows] == [row.name for row in (*ROWS, WITHOUT_HEADINGS)]
    assert all(row.startswith("| small (3 documents, 3 queries) | ") for row in rows)
    assert "1.000 [1.000, 1.000]" in rows[0]
    assert "small: embedding" in first.err
    assert len(made[0].embedded) == 6  # each document with its title and without
    main(arguments, embedder)
    assert made[1].embedded == []
    assert capsys.readouterr().out == first.out


def test_passages_are_compared_with_and_without_title_and_headings(tmp_path, capsys):
    folder, questions, made = tmp_path / "files", tmp_path / "questions.jsonl", []
    folder.mkdir()
    for name in ("Bread", "Boats"):
        (folder / f"{name}.md").write_text(f"# {name}\n\nIt opened in {name.upper()[0]}ton and forty people came.\n")
    gold = [{"file": "Bread", "contains": "opened in Bton"}]
    questions.write_text(json.dumps({"id": "1", "question": "Bread in Bton?", "answerable": True, "gold": gold}))

    def embedder(settings):
        made.append(WordEmbedder(settings))
        return made[-1]

    compare_passages([str(folder), str(questions)], embedder)
    rows = capsys.readouterr().out.splitlines()
    assert [row.split(" | ")[:2] for row in rows[2:]] == [["| with", "1.000"], ["| without", "1.000"]]
    assert sum("Boats" in text for text in made[0].embedded) == 1
    assert len(made[0].embedded) == 3  # without their titles the two say the same


def test_another_text_or_chunk_size_is_another_library(folder, tmp_path, embedder):
    settings = Settings(chunk_tokens=60)
    cache = tmp_path / "cache"

    def build(settings):
        with built(read_collection(folder), settings, embedder, cache) as library:
            return library.store.counts().chunks

    assert build(settings) == build(settings) == 3
    assert len(embedder.embedded) == 3
    assert build(Settings(chunk_tokens=61)) == 3
    assert len(list(cache.iterdir())) == 2
    with (folder / "corpus.jsonl").open("a") as file:
        file.write("\n" + json.dumps({"_id": "new", "title": "New", "text": "Something new."}))
    assert build(settings) == 4
    assert len(list(cache.iterdir())) == 3


def test_a_build_that_was_broken_off_is_begun_anew(folder, tmp_path, embedder):
    def stopped(done, total):
        raise KeyboardInterrupt

    collection, settings, cache = read_collection(folder), Settings(chunk_tokens=60), tmp_path / "cache"
    with pytest.raises(KeyboardInterrupt), built(collection, settings, embedder, cache, stopped):
        pass
    with built(collection, settings, embedder, cache) as library:
        assert library.store.counts().documents == 3


class Speller(WordEmbedder):
    """Knows no word as a whole, so that every unknown one may be a slip."""

    def count_tokens(self, text):
        return 2 * len(text.split())


def test_what_a_row_switches_off_is_off(folder, tmp_path):
    with built(read_collection(folder), Settings(chunk_tokens=60), Speller(), tmp_path / "cache") as library:
        setup = Setup(library)
        rows = {row.name: row for row in ROWS}

        def bm25(rank, text):
            return {hit.chunk_id: round(hit.bm25, 6) for hit in rank(setup, text)}

        def differs(name, text):
            return bm25(rows[name].rank, text) != bm25(product, text)

        assert bm25(hybrid, "boats") == bm25(product, "boats")
        without_feedback = rows["without feedback"].rank(setup, "boats")
        assert [hit.score for hit in without_feedback] != [hit.score for hit in product(setup, "boats")]
        assert differs("without field weights (1, 1, 1)", "boats")
        assert any(bm25(product, "boatz").values())
        assert differs("without slips mended and both spellings", "boatz")
        assert differs("without acronyms spelled out", "SRG")
        assert not differs("without acronyms spelled out", "boatz")
        assert not differs("without slips mended and both spellings", "SRG")
        for text in ("boatz", "SRG"):
            assert differs("without any reading of the query", text)
        assert not differs("without any reading of the query", "boats")


def test_a_measure_that_ir_measures_disagrees_with_is_an_error(folder, tmp_path, embedder, monkeypatch):
    collection = read_collection(folder)
    with built(collection, Settings(chunk_tokens=60), embedder, tmp_path / "cache") as library:
        row = Row("backwards", lambda setup, text: product(setup, text)[::-1])
        values = measure(row, Setup(library), collection)
        assert values.shape == (3, 2)
        assert values[:, 0].mean() < 1.0
        monkeypatch.setattr(measuring, "ndcg", lambda run, judged, cutoff: 1.0)
        with pytest.raises(ArithmeticError, match="ir-measures says"):
            measure(row, Setup(library), collection)


def test_our_own_questions_as_a_collection(tmp_path):
    collection = starter_collection()
    assert len(collection.documents) == len(item_files())
    assert len(collection.queries) >= 80
    known = {document.location for document in collection.documents}
    for query in collection.queries:
        assert collection.judgements[query].keys() <= known
        assert len(collection.judgements[query]) >= 1
    unknown = {"id": "1", "question": "?", "answerable": True, "gold": [{"file": "no-such", "contains": "x"}]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(unknown))
    with pytest.raises(ValueError, match="no-such"):
        starter_collection(tmp_path / "questions.jsonl")
