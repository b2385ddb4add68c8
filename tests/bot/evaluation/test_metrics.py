"""Our measures against an independent implementation, ir-measures (trec_eval)."""

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from bot.evaluation.metrics import mean, ndcg, percentile, recall, reciprocal_rank

DOCUMENTS = [f"d{i}" for i in range(30)]
rankings = st.lists(st.sampled_from(DOCUMENTS), unique=True, min_size=1, max_size=30)
judgements = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3), min_size=1, max_size=12).filter(
    lambda judged: any(judged.values())
)


@given(rankings, judgements)
def test_the_measures_agree_with_trec_eval(ranking, judged):
    run = [ir_measures.ScoredDoc("q", document, 100.0 - place) for place, document in enumerate(ranking)]
    qrels = [ir_measures.Qrel("q", document, grade) for document, grade in judged.items()]
    theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, R @ 100, RR @ 10], qrels, run)
    assert ndcg(ranking, judged, 10) == pytest.approx(theirs[nDCG @ 10])
    assert recall(ranking, judged, 10) == pytest.approx(theirs[R @ 10])
    assert recall(ranking, judged, 100) == pytest.approx(theirs[R @ 100])
    assert reciprocal_rank(ranking, judged, 10) == pytest.approx(theirs[RR @ 10])


def test_nothing_relevant_and_nothing_measured():
    assert ndcg(["a"], {"a": 0}, 10) == recall(["a"], {}, 10) == reciprocal_rank(["a"], {}, 10) == 0.0
    assert mean([]) == percentile([], 0.5) == 0.0


def test_percentiles_by_nearest_rank():
    assert percentile([5, 1, 3, 2, 4], 0.5) == 3
    assert percentile([5, 1, 3, 2, 4], 0.95) == 5
    assert percentile([7], 0.5) == 7
