"""Ranks every query of a collection in one way and measures each; the measures are checked against ir-measures."""

from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import R, nDCG

from bot.evaluation.metrics import ndcg, recall
from bot.evaluation.retrieval import Collection, document_names, document_ranking
from tests.benchmarks.quality.rows import Row, Setup


def measure(row: Row, setup: Setup, collection: Collection) -> np.ndarray:
    """nDCG@10 and Recall@100 of every query, shape (queries, 2).

    Raises:
        ArithmeticError: ir-measures comes to another result.
    """
    names = document_names(setup.library)
    rankings = {
        query: [document for document, _ in document_ranking(row.rank(setup, text), names)]
        for query, text in collection.queries.items()
    }
    judged = collection.judgements
    values = np.array([[ndcg(run, judged[q], 10), recall(run, judged[q], 100)] for q, run in rankings.items()])
    _check(values.mean(axis=0), rankings, judged)
    return values


def _check(means, rankings: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, int]]) -> None:
    # trec_eval orders by score and knows no ranks; ours are told apart by falling scores.
    run = [
        ir_measures.ScoredDoc(query, document, 1000.0 - place)
        for query, documents in rankings.items()
        for place, document in enumerate(documents)
    ]
    qrels = [ir_measures.Qrel(q, document, grade) for q in rankings for document, grade in judgements[q].items()]
    theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 100], qrels, run)
    expected = [theirs[nDCG @ 10], theirs[R @ 100]]
    if not np.allclose(means, expected, atol=1e-9):
        raise ArithmeticError(f"ir-measures says {expected}, our measures say {list(means)}")
