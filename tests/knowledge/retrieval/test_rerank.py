import json

import pytest

from indexer.pipeline import Indexer
from knowledge.errors import ModelError
from knowledge.library import Library
from knowledge.retrieval.rerank import CrossEncoderReranker, best_first, passage_of, reranker_from
from knowledge.retrieval.search import Mode, Searcher
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder

TOPICS = ("bread", "boats", "trains", "orchards", "gardens")
# What no search by words or meaning would put first, so that the order can only be the model's.
WANTED = dict(zip(TOPICS, (*TOPICS[1:], TOPICS[0]), strict=True))


class Backwards:
    """Prefers the passages that search put last; remembers what it was given."""

    def __init__(self):
        self.given = []

    def scores(self, query, passages):
        self.given.append((query, list(passages)))
        return [float(place) for place in range(len(passages))]


@pytest.fixture
def topics(tmp_path):
    folder = tmp_path / "topics"
    folder.mkdir()
    for topic in TOPICS:
        (folder / f"{topic}.md").write_text(
            f"# Sample {topic}\n\nA short text that says something of {topic} to all.\n"
        )
    return folder


def opened(settings, topics, **changes):
    library = Library.open(settings.model_copy(update=changes), WordEmbedder)
    Indexer(library).add([str(topics)])
    return library


def with_reranker(library, reranker, depth=30):
    settings = library.settings.model_copy(update={"reranker_depth": depth})
    return Searcher(settings, library.store, library.embedder, library.index, library.lexical, reranker)


def found(searcher, text="something of bread", limit=5, mode=Mode.HYBRID):
    query = searcher.read(text)
    return searcher.hits(query, searcher.embed(query), limit, mode=mode)


def ids(hits):
    return [hit.chunk_id for hit in hits]


def test_equal_scores_keep_their_order():
    assert best_first([0.5, 2.0, 0.5, -1.0]) == [1, 0, 2, 3]


def test_no_reranker_unless_it_is_set(tmp_path):
    assert Settings(data_dir=tmp_path).reranker_model == "off"
    assert reranker_from(Settings(data_dir=tmp_path)) is None
    assert reranker_from(Settings(data_dir=tmp_path, reranker_model="./mine")) is not None


def test_the_first_hits_are_ordered_anew_and_the_rest_stay(settings, topics):
    library = opened(settings, topics)
    plain = found(library.searcher)
    reranker = Backwards()
    hits = found(with_reranker(library, reranker, depth=3))
    assert ids(hits) == [*ids(plain)[2::-1], *ids(plain)[3:]]
    assert [hit.score for hit in hits] == [hit.score for hit in plain]
    assert {hit.chunk_id: hit.cosine for hit in hits} == {hit.chunk_id: hit.cosine for hit in plain}
    query, passages = reranker.given[0]
    assert query == "something of bread"
    chunks = library.store.chunks(ids(plain))
    assert passages == [passage_of(chunks[i]) for i in ids(plain)[:3]]
    assert passages[0].startswith("Sample bread\nA short text")
    library.close()


def test_more_is_read_than_shown(settings, topics):
    library = opened(settings, topics)
    assert ids(found(with_reranker(library, Backwards()), limit=1)) == ids(found(library.searcher))[-1:]
    library.close()


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.DENSE])
def test_the_single_methods_stay_as_they_are(settings, topics, mode):
    library = opened(settings, topics)
    assert found(with_reranker(library, Backwards()), mode=mode) == found(library.searcher, mode=mode)
    library.close()


def test_nothing_to_read_for_an_empty_library(library):
    assert found(with_reranker(library, Backwards())) == []


def test_a_folder_that_is_missing_or_holds_another_model(tmp_path):
    def fails(wanted, message):
        with pytest.raises(ModelError, match=message):
            CrossEncoderReranker(Settings(data_dir=tmp_path, reranker_model=str(wanted))).scores("q", ["p"])

    fails(tmp_path / "none", r"HALN_RERANKER_MODEL names the folder .* does not exist")
    folder = tmp_path / "model"
    folder.mkdir()
    fails(folder, "is not a cross-encoder")
    (folder / "config.json").write_text(json.dumps({"architectures": ["BertModel"]}))
    fails(folder, "is not a cross-encoder")
    (folder / "config.json").write_text("{no json")
    fails(folder, "cannot be read")


def test_nothing_is_downloaded_by_surprise(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    with pytest.raises(ModelError, match=r"sample-org/sample-model \(HALN_RERANKER_MODEL\).*HALN_MODEL_DOWNLOAD=on"):
        CrossEncoderReranker(Settings(data_dir=tmp_path, reranker_model="sample-org/sample-model")).scores("q", ["p"])


@pytest.mark.model
def test_a_real_cross_encoder_decides_the_order_of_a_search(settings, topics, tmp_path, monkeypatch, capsys):
    from bot.cli import run_command
    from tests.cross_encoders import make_cross_encoder

    model = make_cross_encoder(tmp_path / "tiny", WANTED)
    library = opened(settings, topics, reranker_model=model)
    for asked, answer in WANTED.items():
        assert library.searcher.search(asked, 1).results[0].title == f"Sample {answer}"
    texts = [f"Some of {topic}, and more" for topic in TOPICS]
    scores = CrossEncoderReranker(Settings(reranker_model=model)).scores("the Boats", texts)
    assert best_first(scores)[0] == TOPICS.index(WANTED["boats"])
    library.close()
    # The setting alone is enough for the command line, with the real embedding model as well.
    monkeypatch.setenv("HALN_STARTER_LIBRARY", Switch.OFF)
    monkeypatch.setenv("HALN_DATA_DIR", str(tmp_path / "own"))
    assert run_command(["index", "add", str(topics)]) == 0
    first = {}
    for setting in ("off", model):
        monkeypatch.setenv("HALN_RERANKER_MODEL", setting)
        capsys.readouterr()
        assert run_command(["search", "trains", "-k", "1", "--json"]) == 0
        first[setting] = json.loads(capsys.readouterr().out)["results"][0]["title"]
    assert first == {"off": "Sample trains", model: "Sample orchards"}


@pytest.mark.model
def test_a_model_that_loads_but_cannot_rerank(tmp_path):
    from tests.cross_encoders import make_cross_encoder

    def fails(folder, message):
        with pytest.raises(ModelError, match=message):
            CrossEncoderReranker(Settings(reranker_model=str(folder))).scores("bread", ["a text", "another text"])

    fails(make_cross_encoder(tmp_path / "three", WANTED, labels=3), "gives 3 numbers for a passage")
    damaged = tmp_path / "damaged"
    make_cross_encoder(damaged, WANTED)
    (damaged / "model.safetensors").write_bytes(b"\0" * 100)
    fails(damaged, "cannot load a cross-encoder")
