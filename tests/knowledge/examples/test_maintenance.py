"""Retention, forgetting and reminders."""

import sqlite3
from datetime import UTC, datetime

import pytest

from indexer.pipeline import publisher
from knowledge.assistant import Assistant
from knowledge.dates import after_quiet_hours
from knowledge.domain.examples import Action, Author, State
from knowledge.domain.library import Answer, Citation
from knowledge.domain.outbox import MODERATORS
from knowledge.domain.vocabulary import Credit, Kind
from knowledge.errors import ExampleError
from knowledge.examples.examples import Examples
from knowledge.storage.example_protocols import Tidied
from knowledge.storage.sqlite import SQLiteQuestionStore, open_database
from tests.fakes import Clock, WordCheck
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, OTHER, content


def taken(library, clock, *kinds):
    """The messages of these kinds that are due now, delivered."""
    found = []
    while waiting := library.outbox.take(kinds, clock()):
        for one in waiting:
            library.outbox.delivered(one, clock())
            found.append(one.message)
    return found


def test_authors_are_asked_once_whether_a_published_example_still_holds(examples, library, clock):
    given = examples.share(AUTHOR, content()).id
    examples.review(MODERATOR, given, Action.APPROVE)
    assert examples.show(AUTHOR, given).review_on == "2027-03-02"
    assert examples.ask_whether_they_hold() == 0
    clock.later(days=365)
    assert (examples.ask_whether_they_hold(), examples.ask_whether_they_hold()) == (1, 0)
    [message] = taken(library, clock, "example.still_holds")
    assert (message.recipient, message.data["example"]) == (AUTHOR.id, given)
    assert examples.still_holds(AUTHOR, given).review_on == "2028-03-02"
    assert examples.ask_whether_they_hold() == 0
    clock.later(days=366)
    assert examples.ask_whether_they_hold() == 1


def test_moderators_are_reminded_once_a_day_and_not_at_night(examples, library, clock):
    assert examples.remind_moderators() is False
    first = examples.share(AUTHOR, content()).id
    clock.later(days=2)
    examples.share(AUTHOR, content(title="Second"))
    assert examples.remind_moderators() is False
    clock.later(days=1, hours=11)  # 21:00
    assert (examples.remind_moderators(), examples.remind_moderators()) == (True, False)
    assert taken(library, clock, "example.queue") == []
    clock.later(hours=11)  # 8:00
    [message] = taken(library, clock, "example.queue")
    assert message.recipient == MODERATORS
    assert message.data == {"waiting": 2, "oldest": first, "oldest_days": 3}


def test_what_was_kept_long_enough_goes(examples, library, clock):
    draft = examples.draft(AUTHOR, content()).id
    declined = examples.share(AUTHOR, content()).id
    examples.review(MODERATOR, declined, Action.DECLINE, "Not ours.")
    published = examples.share(OTHER, content()).id
    examples.review(MODERATOR, published, Action.APPROVE)
    taken(library, clock, "example.declined")
    clock.later(days=89)
    library.store.accept_clock(clock())
    assert examples.tidy() == Tidied()
    clock.later(days=2)
    assert examples.tidy() == Tidied(drafts=1)
    with pytest.raises(ExampleError):
        examples.show(AUTHOR, draft)
    clock.later(days=275)
    library.store.accept_clock(clock())
    assert library.outbox.waiting() > 0
    tidied = examples.tidy()
    assert (tidied.drafts, tidied.texts) == (0, 1)
    assert (tidied.messages, library.outbox.waiting()) == (7, 0)
    assert examples.tidy().texts == 0
    gone = library.examples.find(declined)
    assert (gone.content.what, gone.author, gone.state) == ("", Author(), State.DECLINED)
    assert [event.action for event in library.examples.history(declined)][-1] is Action.DECLINE
    assert library.examples.find(published).content.what
    assert library.examples.problems() == []


def test_whoever_is_forgotten_is_named_nowhere(examples, library, settings):
    named = Author(member=AUTHOR.id, name="Sam Sample")
    published = examples.share(AUTHOR, content(credit="named", organisation="Sample Secret Trust"), named).id
    examples.review(MODERATOR, published, Action.APPROVE)
    waiting = examples.share(AUTHOR, content(what="A secret plan.")).id
    examples.review(MODERATOR, waiting, Action.REQUEST_CHANGES, "For whom?")
    examples.draft(AUTHOR, content(what="A secret draft."))
    answer = Assistant(library).ask("has anybody opened a bicycle workshop next to the canteen?")
    assert answer.citations[0].source_title == "Sam Sample, Sample Secret Trust"
    assert len(examples.data_of(AUTHOR)) == 3
    assert examples.forget(AUTHOR) == 3
    assert examples.data_of(AUTHOR) == []
    assert examples.mine(AUTHOR) == []
    assert library.examples.find(waiting).state is State.WITHDRAWN
    assert library.store.document(published).metadata.source_title == "A member of the network"
    library.close()
    with sqlite3.connect(settings.database_path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    for secret in (AUTHOR.id, "Sam Sample", "Sample Secret Trust", "secret plan", "secret draft"):
        assert secret not in dump


def test_what_is_withdrawn_is_quoted_in_no_answer_any_more(examples, library, settings):
    given = examples.share(AUTHOR, content(what="We opened a velocipede workshop next to the canteen.")).id
    examples.review(MODERATOR, given, Action.APPROVE)
    answer = Assistant(library).ask("has anybody a velocipede workshop and a canteen?")
    assert answer.citations[0].document_id == given
    examples.withdraw(AUTHOR, given)
    assert "velocipede workshop next" not in library.questions.logged(answer.question_id).answer.model_dump_json()
    examples.forget(AUTHOR)
    library.close()
    for file in settings.data_dir.iterdir():
        assert b"We opened a velocipede" not in file.read_bytes(), file


def test_an_anonymous_author_stands_in_one_table_only(examples, library, settings):
    given = examples.share(AUTHOR, content(credit=Credit.ANONYMOUS)).id
    examples.review(MODERATOR, given, Action.APPROVE)
    taken_by_faces = library.outbox.take(("example.published", "example.card"), datetime(2030, 1, 1, tzinfo=UTC))
    for waiting in taken_by_faces:
        library.outbox.delivered(waiting, datetime(2030, 1, 1, tzinfo=UTC))
    with sqlite3.connect(settings.database_path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        holding = [
            table
            for table in tables
            if any(AUTHOR.id in str(row) for row in connection.execute(f'SELECT * FROM "{table}"'))
        ]
    connection.close()
    assert holding == ["example_people"]


def answer_citing(*documents):
    return Answer(
        question="How?",
        answered=True,
        text="So.",
        citations=tuple(
            Citation(
                n=n,
                document_id=document,
                chunk_id="1",
                title="T",
                section=None,
                organisation=None,
                url=None,
                kind=Kind.EXAMPLE,
                evidence=None,
                published=None,
                quote="So.",
            )
            for n, document in enumerate(documents, start=1)
        ),
    )


def test_authors_hear_when_their_example_first_helps_and_then_each_month(library, settings):
    clock = Clock(datetime.now(UTC).replace(day=15, hour=12))
    questions = SQLiteQuestionStore(open_database(settings.database_path), settings, clock)
    examples = Examples(library, publisher(library), WordCheck(), clock)
    used, unused = (examples.share(AUTHOR, content(title=title)).id for title in ("Used", "Unused"))
    for given in (used, unused):
        examples.review(MODERATOR, given, Action.APPROVE)
    assert examples.thank_authors() == 0
    questions.log(answer_citing(used, used))
    questions.log(answer_citing(used, "something-else"))
    assert {view.id: view.answers_this_month for view in examples.mine(AUTHOR)} == {used: 2, unused: 0}
    assert (examples.thank_authors(), examples.thank_authors()) == (1, 0)
    clock.later(days=31)
    assert examples.thank_authors() == 0
    questions.log(answer_citing(used))
    clock.later(days=31)
    assert (examples.thank_authors(), examples.thank_authors()) == (1, 0)
    messages = taken(library, clock, "example.helped")
    assert [(message.data["example"], message.data["answers"]) for message in messages] == [(used, 2), (used, 1)]
    assert messages[0].data["month"] == "first"


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-03-02T12:00", "18-8", "2026-03-02T12:00"),
        ("2026-03-02T21:30", "18-8", "2026-03-03T08:00"),
        ("2026-03-02T03:00", "18-8", "2026-03-02T08:00"),
        ("2026-07-02T06:30", "18-8", "2026-07-02T07:00"),  # British Summer Time
        ("2026-03-02T12:00", "9-17", "2026-03-02T17:00"),
        ("2026-03-02T12:00", "0-0", "2026-03-02T12:00"),
    ],
)
def test_quiet_hours_end_in_uk_time(moment, hours, expected):
    given, wanted = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moment, expected))
    assert after_quiet_hours(given, hours) == wanted
