"""A model whose cosines are on another scale leads to the same decisions in every room."""

import numpy as np
import pytest

from bot.discord.forums.discussions import index_post, similar_threads, suggest
from indexer.enrichment.classifier import PILLARS, MetadataClassifier, mean_vector
from indexer.pipeline import Indexer, publisher
from knowledge.assistant import Assistant
from knowledge.calibration.gate import own_gate_path
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.examples.duplicates import embed_example
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.servers.types import Post
from knowledge.settings import Settings, Switch
from tests.fakes import WORD_GATE, Clock, SqueezedEmbedder, WordCheck, WordEmbedder, WordReader
from tests.knowledge.examples.conftest import AUTHOR, content
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

SERVER = 7
POSTS = (
    "How many entry jobs did the Sample Hospital Trust keep for local residents?",
    "Entry jobs for local residents: how many did your hospital trust keep?",
    "Who kept entry jobs for residents last year?",
    "The roofs hold rain water and cool the rooms.",
    "Which football club won on Saturday?",
    "Sample Council moved its kitchen contracts to growers within twenty miles.",
)


@pytest.fixture
def libraries(tmp_path, sources):
    """The same library by a model, and by one whose cosines are squeezed to half their range."""
    opened = []
    for make in (lambda _: WordEmbedder(name="plain@1", dimension=256), lambda _: SqueezedEmbedder(dimension=256)):
        settings = Settings(data_dir=tmp_path / f"{len(opened)}", starter_library=Switch.OFF, chunk_tokens=60)
        library = Library.open(settings, make)
        library.reader = WordReader()
        own_gate_path(settings.data_dir, library.reader.name).write_text(WORD_GATE.model_dump_json())
        Indexer(library).add([str(sources)])
        opened.append(library)
    yield opened
    for library in opened:
        library.close()


def post(number, title):
    return Post(thread_id=number, server_id=SERVER, forum_id=1, author_id=2, title=title)


def in_both(libraries, decide):
    """What is decided in both libraries, which has to be the same."""
    plain, squeezed = map(decide, libraries)
    assert plain == squeezed
    return plain


def test_the_models_are_on_different_scales(libraries):
    texts = ["Bread ovens are hot.", "River boats sail at night."]
    plain, squeezed = (library.embedder.embed_documents(texts) for library in libraries)
    assert plain[0] @ plain[1] < 0.3
    assert 0.5 + 0.5 * (plain[0] @ plain[1]) == pytest.approx(squeezed[0] @ squeezed[1], abs=1e-5)
    assert libraries[1].similarity.slope == pytest.approx(2 * libraries[0].similarity.slope, abs=1e-3)


def test_discussions(libraries):
    def decide(library):
        assistant = Assistant(library)
        suggested = [suggest(assistant, library, post(90, title), title) for title in POSTS]
        for number, title in enumerate(POSTS, start=1):
            index_post(library, post(number, title), title)
        return suggested, [similar_threads(library, SERVER, title, number) for number, title in enumerate(POSTS, 1)]

    suggested, threads = in_both(libraries, decide)
    assert suggested[0].documents[0] == "jobs"
    assert suggested[4] is None
    assert threads[0] == [2, 3]
    assert threads[3] == threads[4] == []


def test_near_duplicates_of_examples(libraries):
    retold = content(
        title="A bicycle workshop",
        what="Next to the canteen we opened, with apprentices, a workshop where bicycles are repaired.",
        what_happened="In winter the workshop ran out of tyres. Forty colleagues cycle now.",
        differently="In summer, order tyres for winter.",
        measured="Each month the repairs were counted.",
    )
    bread = content(title="Bread", what="We baked bread.", for_whom="", what_happened="It rose.", differently="")

    def decide(library):
        examples = Examples(library, publisher(library), WordCheck(), Clock())
        first = examples.share(AUTHOR, content())
        return [
            [(found.id == first.id, round(found.similarity, 2)) for found in examples.share(AUTHOR, other).duplicates]
            for other in (retold, bread)
        ]

    [[(is_first, similarity)], other] = in_both(libraries, decide)
    assert is_first
    assert similarity >= SimilarityThresholds.packaged().examples.same_meaning.value
    assert other == []


def test_whole_examples_are_as_alike(libraries):
    one, other = content(), content(what="We baked bread with apprentices.", differently="Order flour in summer.")
    plain, squeezed = (
        library.similarity.comparable_means(embed_example(library, one), embed_example(library, other)[None])
        for library in libraries
    )
    assert plain == pytest.approx(squeezed, abs=0.01)


def test_members(libraries):
    def decide(library):
        peers = Peers(library)
        add(peers, "seeker", WANTS_GARDEN)
        add(peers, "gardener", GARDEN, looking_for="Careers talks.")
        add(peers, "gardener-again", GARDEN, display_name="Sample gardener", looking_for="Careers talks.")
        add(peers, "other", {**GARDEN, "working_on": "Zebra quartz violins.", "can_offer": "Trumpets."})
        found = peers.match("seeker").matches
        return sorted(peers.people()), [(one.member_id, one.fits, one.mutual, one.reasons) for one in found]

    people, found = in_both(libraries, decide)
    assert "gardener-again" not in people
    assert [(member, fits, mutual) for member, fits, mutual, _ in found] == [
        ("gardener", True, True),
        ("other", False, False),
    ]


def test_what_documents_are_about_by_descriptions_alone(libraries):
    def decide(library):
        learner = MetadataClassifier(
            [], np.empty((0, library.embedder.dimension)), library.embedder, library.similarity
        )
        rows = [
            library.embedder.embed_documents(texts)
            for texts in (
                [PILLARS[pillar] for pillar in list(PILLARS)[:1]],
                list(PILLARS.values())[2:4],
                ["Carbon and energy.", "Net zero, waste, travel and biodiversity."],
                ["Zebra quartz.", "Violins and trumpets."],
            )
        ]
        vectors = [mean_vector(row) for row in rows]
        return [(learner.pillars(vector), learner.value("kind", vector)) for vector in vectors]

    found = in_both(libraries, decide)
    assert found[0][0][0] == [str(next(iter(PILLARS)))]
    assert len(found[1][0][0]) == 2
    assert found[2][0][0] == ["environment"]
