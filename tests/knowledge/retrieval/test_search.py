import numpy as np
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indexer.pipeline import Indexer
from knowledge.domain.library import Filters
from knowledge.domain.vocabulary import Kind, Nation
from knowledge.errors import LibraryMismatchError, QuestionError
from knowledge.library import Library
from knowledge.retrieval.fusion import coverage, fuse, information, lexical_weight, standard_scores, with_feedback
from knowledge.retrieval.lexical import LexicalView
from knowledge.retrieval.search import Mode
from tests.fakes import WordEmbedder


def titles(library, query, **options):
    return [result.title for result in library.searcher.search(query, 5, **options).results]


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_finds_the_right_document_first(filled, mode):
    assert titles(filled, "entry jobs for local residents", mode=mode)[0] == "Jobs for local people"
    assert titles(filled, "kitchen contracts of a council", mode=mode)[0] == "Buying food nearby"


def test_results_carry_what_a_reader_needs(filled):
    response = filled.searcher.search("retention after one year", 3)
    best = response.results[0]
    assert best.rank == 1
    assert best.section == "What happened"
    assert best.organisation == "Sample Hospital Trust"
    assert "Retention after one year was 90%." in best.text
    assert [r.rank for r in response.results] == list(range(1, len(response.results) + 1))
    assert set(response.timings_ms) == {"embed", "search", "total"}


@pytest.mark.parametrize("mode", list(Mode))
def test_filters_hold_in_every_mode(filled, mode):
    assert set(titles(filled, "roofs jobs kitchen", mode=mode, filters=Filters(nation=Nation.WALES))) == {
        "Jobs for local people"
    }
    assert titles(filled, "roofs", mode=mode, filters=Filters(kind=Kind.GLOSSARY)) == []


@given(query=st.text(max_size=200))
@example(query="00'ER")
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_searches_or_is_refused_as_empty(filled, query):
    try:
        filled.searcher.search(query, 3)
    except QuestionError:
        assert not any(c.isalnum() for c in query)


@pytest.mark.parametrize("query", ['" OR NEAR(', "NOT", "a AND b", "🎉", "x\0y", "jobs*", "title:jobs", "w" * 20_000])
def test_hostile_queries_simply_work(filled, query):
    assert len(filled.searcher.search(query, 3).results) == 3


def test_an_empty_query_says_what_to_do(filled):
    with pytest.raises(QuestionError, match="Type a few words"):
        filled.searcher.search(" \n\0 ", 3)


def test_a_library_of_other_chunks_is_refused_with_the_repair(filled):
    other = Library.open(filled.settings.model_copy(update={"chunk_tokens": 40}), lambda _: WordEmbedder())
    with pytest.raises(LibraryMismatchError, match="haln index rebuild"):
        other.searcher.search("jobs", 3)
    other.close()


def test_a_library_of_a_model_that_is_not_here_is_searched_by_words(filled):
    other = Library.open(filled.settings, lambda _: WordEmbedder(name="other@2", dimension=32))
    words_only = filled.searcher.search("entry jobs for residents", 3, mode=Mode.LEXICAL)
    assert other.searcher.search("entry jobs for residents", 3).results == words_only.results
    other.close()


def test_standard_scores_and_information():
    assert standard_scores(np.array([3.0, 1.0]), mean=1.0, deviation=2.0).tolist() == [1.0, 0.0]
    assert standard_scores(np.array([3.0]), mean=3.0, deviation=0.0).tolist() == [0.0]
    told = information({"rare": 1, "common": 90}, 100)
    assert told["rare"] > 3
    assert told["common"] == 0.0


def test_words_weigh_less_the_better_the_meaning_fits_and_nothing_when_none_is_found():
    assert lexical_weight(0.9, 0.5) < lexical_weight(0.3, 0.5)
    assert lexical_weight(0.3, 0.2) < lexical_weight(0.3, 0.8)
    assert lexical_weight(0.3, 0.0) == 0.0
    assert coverage(5.0, {"a": 0.0}) == 0.0
    assert coverage(1e9, {"a": 1.0}) == 1.0


def test_fusion_adds_what_both_say():
    assert fuse(np.array([1.0, 1.0]), np.array([-0.5, 4.0]), weight=0.5).tolist() == [0.75, 3.0]


def test_feedback_turns_a_query_towards_what_was_found():
    query = np.array([1, 0, 0], dtype=np.float32)
    told = np.array([[0, 1, 0], [0, 1, 0]], dtype=np.float32)
    turned = with_feedback(query, told)
    assert np.isclose(np.linalg.norm(turned), 1)
    assert turned[0] > turned[1] > turned[2] == 0
    assert with_feedback(query, told[:0]) is query


class Parallel(WordEmbedder):
    """An embedder that notes what it embeds, and calls `check` around what is done meanwhile."""

    def __init__(self):
        super().__init__()
        self.log, self.check = [], lambda meanwhile: meanwhile()

    def count_tokens(self, text):
        return 2 if text.startswith("resdent") else super().count_tokens(text)  # no word of the language

    def embed_query(self, text, meanwhile):
        self.log.append(text)
        return self.embed_queries([text])[0], self.check(meanwhile)


class LooksUp:
    """Counts how often words are looked up in a library of a `Parallel` embedder."""

    def __init__(self, settings, sources, monkeypatch):
        self.embedder, self.count = Parallel(), 0
        self.library = Library.open(settings, lambda _: self.embedder)
        Indexer(self.library).add([str(sources)])
        search = LexicalView.search

        def counted(*given):
            self.count += 1
            return search(*given)

        monkeypatch.setattr(LexicalView, "search", counted)


@pytest.fixture
def looks_up(settings, sources, monkeypatch):
    made = LooksUp(settings, sources, monkeypatch)
    yield made
    made.library.close()


@pytest.mark.parametrize("filters", [None, Filters(kind=Kind.CASE_STUDY)])
def test_words_are_looked_up_once_while_the_model_works(looks_up, filters):
    def check(meanwhile):
        assert looks_up.count == 0
        matched = meanwhile()
        assert looks_up.count == 1
        return matched

    looks_up.embedder.check = check
    search = looks_up.library.searcher.search
    wanted = search("entry jobs for local resdents", 5, filters)
    assert looks_up.embedder.log == ["entry jobs for local residents"]  # as it is meant, and no other way
    assert wanted.results[0].title == "Jobs for local people"
    assert looks_up.count == 1
    again = search("entry jobs for local residents", 5, filters)
    assert again.results == wanted.results
    assert (len(looks_up.embedder.log), looks_up.count) == (1, 2)  # its vector is kept


def test_words_are_not_looked_up_where_meaning_alone_ranks(looks_up):
    assert looks_up.library.searcher.search("entry jobs for local residents", 5, mode=Mode.DENSE).results
    assert (len(looks_up.embedder.log), looks_up.count) == (1, 0)


def test_words_are_looked_up_again_where_the_library_changes_while_the_model_works(looks_up, sources):
    def check(meanwhile):
        matched = meanwhile()
        (sources / "later.md").write_text("# Entry jobs\n\nEntry jobs for local residents, and for nobody else.\n")
        Indexer(looks_up.library).add([str(sources)])
        return matched

    looks_up.embedder.check = check
    searcher = looks_up.library.searcher
    query, vector, matched = searcher.read_embedded("entry jobs for local residents", 5)
    before = looks_up.count
    hits = searcher.hits(query, vector, 5, matched=matched)
    assert looks_up.count == before + 1
    assert hits == searcher.hits(query, vector, 5)
    assert any(chunk.metadata.title == "Entry jobs" for _, chunk in searcher.found(query, vector, 5, matched=matched))
