import json

import ir_measures
import pytest
from ir_measures import nDCG

from bot.evaluation.answers import evaluate_answers
from bot.evaluation.questions import read_questions
from bot.evaluation.retrieval import evaluate_retrieval, read_collection, run_lines
from knowledge.errors import SourceError
from tests.fakes import WordEmbedder


@pytest.fixture
def collection_folder(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    topics = ["bread ovens", "river boats", "night trains", "apple orchards", "school gardens"]
    rows = [
        {"_id": f"x{i}", "title": t.title(), "text": f"All about {t}. {'More on ' + t + '. '}" * 3}
        for i, t in enumerate(topics)
    ]
    rows.append({"_id": "untitled", "title": "", "text": "A text about chess clubs."})
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    queries = [{"_id": f"q{i}", "text": t} for i, t in enumerate(topics)] + [{"_id": "unjudged", "text": "x"}]
    queries.append({"_id": "chess", "text": "chess clubs"})
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    qrels = "".join(f"q{i}\tx{i}\t1\n" for i in range(5)) + "q0\tx4\t1\nchess\tuntitled\t1\n"
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + qrels)
    return folder


def test_retrieval_figures_and_run(collection_folder, settings, tmp_path):
    figures, rankings = evaluate_retrieval(read_collection(collection_folder), settings, WordEmbedder())
    assert (figures["collection"], figures["documents"], figures["queries"]) == ("small", 6, 6)
    assert set(figures["modes"]) == {"lexical", "dense", "hybrid"}
    assert figures["ndcg@10"] == figures["modes"]["hybrid"]["ndcg@10"] > 0.9
    assert figures["recall@100"] == 1.0
    assert set(figures["query_ms"]) == {"p50", "p95"}
    assert figures["index_seconds"] > 0
    assert figures["raw_encode_seconds"] > 0
    assert figures["peak_rss_mb"] > 10
    assert not (settings.data_dir / "haln.db").exists()
    (tmp_path / "run").write_text("\n".join(run_lines(rankings)))
    qrels = [
        ir_measures.Qrel(query, document, grade)
        for query, judged in read_collection(collection_folder).judgements.items()
        for document, grade in judged.items()
    ]
    theirs = ir_measures.calc_aggregate([nDCG @ 10], qrels, ir_measures.read_trec_run(str(tmp_path / "run")))
    assert figures["ndcg@10"] == pytest.approx(theirs[nDCG @ 10], abs=1e-4)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_folder_that_is_no_collection_says_so(collection_folder, missing):
    (collection_folder / missing).unlink()
    with pytest.raises(SourceError, match=r"qrels\.tsv"):
        read_collection(collection_folder)


def test_rubbish_in_a_collection_is_named(collection_folder):
    (collection_folder / "corpus.jsonl").write_text("{no json")
    with pytest.raises(SourceError, match="not in BEIR layout"):
        read_collection(collection_folder)


def question(**fields):
    return json.dumps({"id": "1", "question": "?", "answerable": True, **fields})


def test_answer_figures(filled, tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(
        "\n".join(
            [
                question(
                    question="How many entry jobs were kept for local residents?",
                    gold=[{"file": "jobs", "contains": "kept 40 entry jobs"}],
                    answer_must_include=["40|forty"],
                ),
                question(
                    question="What was hard about the delivery rounds for schools?",
                    gold=[{"file": "food", "contains": "no such passage"}],
                    answer_must_include=["van", "no such word"],
                    style="paraphrase",
                ),
                question(question="Who won the cup final yesterday evening?", answerable=False, style="out"),
            ]
        )
    )
    figures, outcomes = evaluate_answers(read_questions(path), filled)
    assert (figures["questions"], figures["answerable"], figures["unanswerable"]) == (3, 2, 1)
    assert figures["hit@5"] == figures["evidence_in_answer"] == figures["must_include"] == 0.5
    assert figures["wrong_refusal"] == figures["wrong_answer"] == 0.0
    assert figures["citation_valid"] == 1.0
    assert figures["styles"]["direct"]["must_include"] == 1.0
    assert figures["styles"]["out"]["answerable"] == 0
    assert [outcome.answered for outcome in outcomes] == [True, True, False]


def test_a_line_that_is_no_question_is_named_by_number(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(question() + "\n{}\n")
    with pytest.raises(SourceError, match="line 2"):
        read_questions(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")
