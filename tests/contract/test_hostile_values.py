"""Texts and numbers that one of the two databases would refuse: both take, or refuse, the same."""

import json
import random
import re

import pytest
from hypothesis import HealthCheck, example, given, strategies
from hypothesis import settings as tried

from bot.session import open_library
from indexer.pipeline import Indexer, publisher
from knowledge.assistant import Assistant
from knowledge.calibration.gate import own_gate_path
from knowledge.domain.examples import Actor, Role
from knowledge.errors import ExampleError, QuestionError
from knowledge.examples.examples import Examples
from knowledge.insights.insights import InsightReports
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData
from knowledge.storage.example_protocols import Selection
from knowledge.storage.library_protocols import Erased
from tests.fakes import WORD_GATE, Clock, WordCheck, WordEmbedder, WordReader
from tests.knowledge.examples.conftest import ADMIN, AUTHOR, MODERATOR, content
from tests.knowledge.matching.people import GARDEN, add

_TEXTS = strategies.lists(
    strategies.sampled_from(["\0", "\\", "u0000", "ud83d", "\ud83d", "\ude00", '"', "é", "\U0001f600", "a"])
).map("".join)


def readable(text):
    """A text as PostgreSQL can have it."""
    return re.sub("[\0\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


@pytest.fixture(params=["files", "server"])
def one(request, settings):
    """A library on each of the two."""
    chosen = settings if request.param == "server" else settings.model_copy(update={"database_url": None})
    opened = Library.open(chosen, WordEmbedder)
    yield opened
    opened.close()


@tried(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_TEXTS, spelt=strategies.booleans())
@example(text="\\ud83d\ude00", spelt=True)
@example(text="\\\ud83d\ude00\ude00\\u0000\0", spelt=True)
def test_no_escape_makes_a_row_of_json_unreadable(connections, text, spelt):
    """One such row would fail every statement that comes by it, whoever asks."""
    text = json.loads(json.dumps(text))  # two halves beside each other are one character
    said = json.dumps({"a": ["first", text], "b": text}, ensure_ascii=spelt)
    if not spelt and re.search("[\ud800-\udfff]", said):
        return  # no driver takes it
    with connections.read() as connection:
        row = connection.execute(
            "SELECT CAST(?1 AS TEXT) ->> 'b', json_extract(?1, '$.b'), "
            "(SELECT value FROM json_each(?1, '$.a') WHERE key = '1'), "
            "(SELECT value FROM json_each(?1) WHERE key = 'b')",
            [said],
        ).fetchone()
        members = connection.execute("SELECT count(*) FROM json_each(?, '$.a')", [said]).fetchone()[0]
    assert (*row, members) == (*[readable(text)] * 4, 2)


def test_a_question_with_a_null_character_spoils_no_figures(one, sources):
    Indexer(one).add([str(sources)])
    one.reader = WordReader()
    own_gate_path(one.settings.data_dir, WordReader.name).write_text(WORD_GATE.model_dump_json())
    answer = Assistant(one).ask("How many entry\0 jobs were kept for local residents?")
    assert "\0" in answer.question
    reports = InsightReports(one, Peers(one), WordCheck())
    assert reports.latest().questions == 1
    assert one.examples.uses("2000", "3000") == {}


def test_what_is_too_long_for_an_index_fails_alone(one, tmp_path):
    """Random characters, which no compression makes fit."""
    chance = random.Random(3)
    long = lambda count: "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(count))  # noqa: E731
    folder = tmp_path / "long"
    deep = folder.joinpath(*(long(80) for _ in range(10)))
    deep.mkdir(parents=True)
    (deep / "deep.md").write_text("# Deep\n\nA well.\n")
    (folder / "name.md").write_text(
        f"---\ntitle: {long(150)}\norganisation: {long(1500)}\nregion: {long(1500)}\n---\n\nA pump.\n"
    )
    (folder / "plain.md").write_text(f"# Plain\n\nThe Long Form Of It ({long(3)}) and {long(900)} water.\n")
    report = Indexer(one).add([str(folder)])
    assert len(one.store.document("name").metadata.organisation) == 300
    assert [(failure.source, "shorter" in failure.error) for failure in report.failed] == [
        (str(deep / "deep.md"), True)
    ]
    assert len(one.store.documents()) == 2
    assert "shorter" in Indexer(one).add([str(deep)]).failed[0].error


def test_ids_that_are_too_long_are_refused_and_regions_found_in_capitals(one):
    examples = Examples(one, publisher(one), WordCheck(), Clock())
    for long in (Actor("x" * 201, Role.MEMBER), AUTHOR):
        with pytest.raises(QuestionError, match="200 characters"):
            examples.share(long, content(), request_id="r" * 201)
    receipt = examples.share(AUTHOR, content(region="Ynys MÔN"))
    for asked in ("ynys môn", "YNYS MÔN", "Ynys Môn", "Ynys MÔN"):
        assert [found.id for found in examples.list(ADMIN, Selection(region=asked))] == [receipt.id]
    assert examples.list(ADMIN, Selection(region="Ynys Mon")) == []
    with pytest.raises(ExampleError, match="150 characters"):
        examples.tag(MODERATOR, receipt.id, region="r" * 151)


def test_a_number_that_is_nobodys_on_discord_is_an_id_like_another(one):
    data = PersonalData(one, Peers(one), Examples(one, publisher(one), WordCheck(), Clock()))
    for number in ("9" * 19, "9" * 40, "9" * 5000, "٣", "²"):
        assert not data.holds(number)


def test_erasures_that_a_restored_database_does_not_know_are_found(one):
    one.store.note_erasure(Erased.MEMBER, "ann", "without_name")
    assert one.store.unknown_erasures() == ([], 0)
    with one.store._connections.write() as connection:
        connection.execute("DELETE FROM flags WHERE name LIKE 'erased:%'")
    assert [(erasure.sort, erasure.subject) for erasure in one.store.unknown_erasures()[0]] == [(Erased.MEMBER, "ann")]


def test_a_server_restored_from_before_an_erasure_erases_before_anybody_sees(settings):
    library = Library.open(settings, WordEmbedder)
    add(Peers(library, Clock()), "ann", GARDEN)
    library.store.note_erasure(Erased.MEMBER, "ann")
    with library.store._connections.write() as connection:
        connection.execute("DELETE FROM flags WHERE name LIKE 'erased:%'")
    library.close()
    with open_library(settings, opened=lambda chosen: Library.open(chosen, WordEmbedder)) as library:
        assert library.members.member("ann") is None
        assert library.store.unknown_erasures() == ([], 0)
