"""The rows of the table: each a way to rank, made of the product's own functions. A new addition is one line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from bot.evaluation.retrieval import CHUNKS_RANKED
from knowledge.language.words import query_terms
from knowledge.library import Library
from knowledge.retrieval.lexical import IndexedWords, LexicalIndex
from knowledge.retrieval.query import Query, QueryReader
from knowledge.retrieval.ranking import LEXICAL_CANDIDATES, Hit, search_hybrid, search_lexical
from knowledge.retrieval.rerank import Reranker
from knowledge.retrieval.search import Mode, Searcher
from tests.benchmarks.quality import fusions
from tests.benchmarks.quality.fusions import Candidates

EQUAL_FIELDS = (1, 1, 1)
FIXED_WEIGHTS = (0.25, 0.5, 1.0)


class StoreWithout:
    """A store that gives other answers to some of what it is asked, and its own to the rest."""

    def __init__(self, store, **answers):
        self._store, self._answers = store, answers

    def __getattr__(self, name):
        return self._answers[name] if name in self._answers else getattr(self._store, name)


class Setup:
    """A library, with what the rows change of it made once."""

    def __init__(self, library: Library, reranker: Reranker | None = None):
        self.library, self.reranker = library, reranker
        self._candidates: dict[str, Candidates] = {}

    @cached_property
    def equal_fields(self):
        path = self.library.settings.data_dir / "words-equal.index"
        return LexicalIndex(self.library.store, path, EQUAL_FIELDS)

    @cached_property
    def no_acronyms(self):
        return QueryReader(StoreWithout(self._words, acronyms=list), self.library.embedder)

    @cached_property
    def no_mending(self):
        words = StoreWithout(self._words, vocabulary=dict, holds_word=lambda word: False)
        return QueryReader(words, self.library.embedder)

    @cached_property
    def _words(self):
        return IndexedWords(self.library.store, self.library.lexical)

    @cached_property
    def reranked(self):
        library = self.library
        indexes = library.index, library.lexical
        return Searcher(library.settings, library.store, library.embedder, *indexes, self.reranker)

    def candidates(self, text: str) -> Candidates:
        """The candidates of both methods, as deep as the product goes."""
        if text not in self._candidates:
            searcher, index = self.library.searcher, self.library.index
            query = searcher.read(text)
            vector = searcher.embed(query)
            nearest = dict(index.search(vector, CHUNKS_RANKED))
            terms = query.terms + query.phrases
            found, lexical_mean, lexical_deviation = self.library.lexical.search(terms, LEXICAL_CANDIDATES)
            bm25 = dict(found)
            mean, deviation = index.background(vector)
            self._candidates[text] = Candidates(
                cosines=nearest | index.similarities(vector, [key for key in bm25 if key not in nearest]),
                nearest=tuple(nearest),
                bm25=bm25,
                dense_mean=mean,
                dense_deviation=deviation,
                lexical_mean=lexical_mean,
                lexical_deviation=lexical_deviation,
            )
        return self._candidates[text]


@dataclass(frozen=True)
class Row:
    """A row's name, and how it ranks the chunks for a query."""

    name: str
    rank: Callable[[Setup, str], Sequence[Hit]]


def product(setup: Setup, text: str, mode: Mode = Mode.HYBRID) -> Sequence[Hit]:
    """What the assistant does."""
    searcher = setup.library.searcher
    query = searcher.read(text)
    return searcher.hits(query, searcher.embed(query), CHUNKS_RANKED, mode=mode)


def fused(setup: Setup, text: str, fusion: Callable[[Candidates], dict[int, float]]) -> Sequence[Hit]:
    """The same candidates, joined in another way."""
    found = setup.candidates(text)
    scores = fusion(found)
    best = sorted(scores, key=lambda key: (-scores[key], key))[:CHUNKS_RANKED]
    return [Hit(key, scores[key], found.cosines[key], found.bm25.get(key, 0.0)) for key in best]


def hybrid(
    setup: Setup,
    text: str,
    read: Callable[[Setup, str], Query] = lambda setup, text: setup.library.searcher.read(text),
    lexical: Callable[[Setup], LexicalIndex] = lambda setup: setup.library.lexical,
    **options,
) -> Sequence[Hit]:
    """The product's own fusion with a part of it changed; `options` go to `search_hybrid`."""
    library, query = setup.library, read(setup, text)
    vector = library.searcher.embed(query)
    return search_hybrid(library.store, library.index, lexical(setup), query, vector, CHUNKS_RANKED, **options)


def as_typed(text: str) -> Query:
    """A query that nothing was read into."""
    return Query(text, text, tuple(query_terms(text)), (), {}, {})


def lexical_equal(setup: Setup, text: str) -> Sequence[Hit]:
    return search_lexical(setup.library.store, setup.equal_fields, setup.library.searcher.read(text), CHUNKS_RANKED)


def reranked(setup: Setup, text: str) -> Sequence[Hit]:
    query = setup.reranked.read(text)
    return setup.reranked.hits(query, setup.reranked.embed(query), CHUNKS_RANKED)


# The first is what the others are compared with.
ROWS = (
    Row("**default**: weight depends on the query, with feedback", product),
    Row("lexical alone", partial(product, mode=Mode.LEXICAL)),
    Row("lexical alone, fields weighted 1, 1, 1", lexical_equal),
    Row("dense alone", partial(product, mode=Mode.DENSE)),
    Row("fusion: reciprocal rank, k = 60", partial(fused, fusion=fusions.reciprocal_rank)),
    Row("fusion: min-max, equal weights", partial(fused, fusion=fusions.min_max)),
    Row("fusion: z over candidates, equal weights", partial(fused, fusion=fusions.z_over_candidates)),
    *(
        Row(
            f"fusion: z over collection, weight {w:g}",
            partial(fused, fusion=partial(fusions.z_over_collection, weight=w)),
        )
        for w in FIXED_WEIGHTS
    ),
    Row("without feedback", partial(hybrid, feedback=False)),
    Row("without field weights (1, 1, 1)", partial(hybrid, lexical=lambda setup: setup.equal_fields)),
    Row("without acronyms spelled out", partial(hybrid, read=lambda setup, text: setup.no_acronyms.read(text))),
    Row(
        "without slips mended and both spellings", partial(hybrid, read=lambda setup, text: setup.no_mending.read(text))
    ),
    Row("without any reading of the query", partial(hybrid, read=lambda _, text: as_typed(text))),
)
WITHOUT_HEADINGS = Row("without title and headings in the embedded text", product)
RERANKED = Row("with the reranker", reranked)
