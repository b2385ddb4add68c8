"""Matching with the real model: the figures may not fall below what has been reached."""

import pytest

from bot.evaluation.peers import evaluate_peers, read_matching_set
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings
from tests.conftest import ROOT

pytestmark = pytest.mark.model


def test_matching_in_the_sample_network(model):
    figures, rankings = evaluate_peers(read_matching_set(ROOT / "tests" / "quality" / "peers"), Settings(), model)
    assert figures["ndcg@5"] >= 0.87
    assert figures["precision@1"] >= 0.90
    assert figures["ndcg@5"] > figures["baseline_dense_ndcg@5"] + 0.4
    assert figures["registered_twice"] == ["s44"]
    # "From outside local government please": nobody of a council is shown.
    assert not {"s07", "s22", "s26", "s43"} & {member for member, _ in rankings["s04"]}


def test_matching_in_the_second_sample_network(model):
    folder = ROOT / "tests" / "quality" / "peers-second"
    figures, rankings = evaluate_peers(read_matching_set(folder), Settings(), model)
    assert figures["ndcg@5"] >= 0.72
    assert figures["ndcg@5"] > figures["baseline_dense_ndcg@5"] + 0.2
    # "Someone in Scotland", "Not another council please"
    assert {member for member, _ in rankings["b07"]} <= {"b05", "b08", "b13", "b21"}
    assert not {"b16", "b18", "b21"} & {member for member, _ in rankings["b23"]}


@pytest.mark.shared
def test_matching_in_the_reference_network(model, shared):
    figures, rankings = evaluate_peers(read_matching_set(shared / "peers" / "dev"), Settings(), model)
    assert figures["ndcg@5"] >= 0.83
    assert figures["precision@1"] >= 0.80
    assert figures["ndcg@5"] > figures["baseline_dense_ndcg@5"] + 0.25
    assert figures["registered_twice"] == ["pd25"]
    assert "pd25" not in {member for ranking in rankings.values() for member, _ in ranking}
    members = read_matching_set(shared / "peers" / "dev").members
    assert {members[member]["nation"] for member, _ in rankings["pd36"]} <= {"scotland", "wales", "northern_ireland"}
    assert not {members[member]["sector"] for member, _ in rankings["pd34"]} & {"nhs_trust", "ics"}
    assert {members[member]["sector"] for member, _ in rankings["pd06"]} <= {"nhs_trust", "ics"}


@pytest.mark.shared
def test_the_reference_baseline_is_measured_as_its_authors_did(shared):
    published = open_embedder(Settings(embedding_model="all-MiniLM-L6-v2"))
    figures, _ = evaluate_peers(read_matching_set(shared / "peers" / "dev"), Settings(), published)
    assert round(figures["baseline_dense_ndcg@5"], 3) == 0.568
    assert figures["ndcg@5"] >= 0.80
