"""Reviewing: two moderators at once, reasons, claims, tags, merging, the queue, what authors are told."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from indexer.pipeline import publisher
from knowledge.domain.examples import Action, Actor, Command, Content, Role, State
from knowledge.domain.outbox import MODERATORS
from knowledge.domain.vocabulary import Outcome, Pillar
from knowledge.errors import ExampleConflictError, ExampleError, ExampleNotAllowedError
from knowledge.examples.examples import Examples
from knowledge.examples.machine import decide
from knowledge.library import Library
from knowledge.storage.example_protocols import Selection
from tests.fakes import Clock, WordCheck, WordEmbedder
from tests.knowledge.examples.conftest import ADMIN, AUTHOR, MODERATOR, OTHER, SECOND, content


def told(library, clock, recipient):
    """The messages to a recipient, in order."""
    messages = []
    while taken := library.outbox.take(KINDS, clock() + timedelta(hours=1)):
        for waiting in taken:
            library.outbox.delivered(waiting, clock())
            messages.append(waiting.message)
    return [message for message in messages if message.recipient == recipient]


START = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = (
    "example.card",
    "example.changes_requested",
    "example.declined",
    "example.merged",
    "example.published",
    "example.taken_down",
)


def test_the_history_passes_through_the_review(examples, library):
    receipt = examples.share(AUTHOR, content())
    assert examples.review(MODERATOR, receipt.id, Action.APPROVE).state is State.PUBLISHED
    states = [event.to_state for event in library.examples.history(receipt.id)]
    assert states == [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.APPROVED, State.PUBLISHED]


@pytest.mark.parametrize(
    ("action", "state", "kind"),
    [
        (Action.REQUEST_CHANGES, State.CHANGES_REQUESTED, "example.changes_requested"),
        (Action.DECLINE, State.DECLINED, "example.declined"),
    ],
)
def test_a_refusal_needs_a_reason_that_reaches_the_author_without_a_name(examples, library, clock, action, state, kind):
    receipt = examples.share(AUTHOR, content())
    for reason in (None, "", "  "):
        with pytest.raises(ExampleError, match="reason"):
            examples.review(MODERATOR, receipt.id, action, reason)
    assert examples.review(MODERATOR, receipt.id, action, "It names a patient.").state is state
    [message] = told(library, clock, AUTHOR.id)
    assert (message.kind, message.data["reason"]) == (kind, "It names a patient.")
    assert MODERATOR.id not in message.model_dump_json()


def test_two_moderators_at_once_one_wins_and_the_other_sees_what_happened(settings):
    library = Library.open(settings, WordEmbedder)
    examples = Examples(library, publisher(library), WordCheck(), Clock())
    for _ in range(10):
        receipt = examples.share(AUTHOR, content())
        barrier, outcomes = threading.Barrier(2), {}

        def press(actor, action, given=receipt.id, barrier=barrier, outcomes=outcomes):
            barrier.wait()
            try:
                outcomes[actor.id] = examples.review(actor, given, action, "Not yet.").state
            except ExampleConflictError as error:
                outcomes[actor.id] = str(error)

        threads = [
            threading.Thread(target=press, args=(MODERATOR, Action.APPROVE)),
            threading.Thread(target=press, args=(SECOND, Action.DECLINE)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        state = examples.show(ADMIN, receipt.id).state
        if state is State.PUBLISHED:
            assert outcomes[MODERATOR.id] is State.PUBLISHED
            assert "by sample-moderator" in outcomes[SECOND.id]
        else:
            assert (state, outcomes[SECOND.id]) == (State.DECLINED, State.DECLINED)
            assert "already declined. It was declined by sample-second" in outcomes[MODERATOR.id]
    library.close()


def test_a_decision_on_what_has_changed_since_is_refused(examples):
    receipt = examples.share(AUTHOR, content())
    seen = examples.show(MODERATOR, receipt.id).version
    examples.edit(AUTHOR, receipt.id, content(what="Something else."))
    with pytest.raises(ExampleConflictError, match="It was changed by its author on"):
        examples.review(MODERATOR, receipt.id, Action.APPROVE, expected_version=seen)
    assert examples.review(MODERATOR, receipt.id, Action.APPROVE, expected_version=seen + 1).state is State.PUBLISHED


def test_the_same_press_twice_acts_once(examples, library, clock):
    receipt = examples.share(AUTHOR, content())
    for _ in range(2):
        state = examples.review(MODERATOR, receipt.id, Action.DECLINE, "Not ours.", request_id="press").state
        assert state is State.DECLINED
    assert len(told(library, clock, AUTHOR.id)) == 1
    assert len(library.examples.history(receipt.id)) == 4


def test_a_claim_keeps_others_off_for_three_days(examples, clock):
    receipt = examples.share(AUTHOR, content())
    examples.review(MODERATOR, receipt.id, Action.CLAIM)
    for action in (Action.CLAIM, Action.APPROVE, Action.RELEASE):
        with pytest.raises(ExampleConflictError, match="being reviewed by sample-moderator"):
            examples.review(SECOND, receipt.id, action)
    clock.later(days=3)
    assert examples.review(SECOND, receipt.id, Action.CLAIM).claimed_by == SECOND.id
    assert examples.review(SECOND, receipt.id, Action.RELEASE).state is State.SUBMITTED
    examples.review(MODERATOR, receipt.id, Action.CLAIM)
    assert examples.review(ADMIN, receipt.id, Action.APPROVE).state is State.PUBLISHED


def test_nobody_reviews_their_own_but_an_admin(examples):
    for role, refused in ((Role.MODERATOR, True), (Role.ADMIN, False)):
        actor = Actor(f"sample-{role}-author", role)
        receipt = examples.share(actor, content())
        if refused:
            with pytest.raises(ExampleNotAllowedError, match="own example"):
                examples.review(actor, receipt.id, Action.APPROVE)
        else:
            assert examples.review(actor, receipt.id, Action.APPROVE).state is State.PUBLISHED


def test_tags_are_corrected_before_and_after_publication(examples, library, found):
    receipt = examples.share(AUTHOR, content(pillars=()))
    examples.tag(MODERATOR, receipt.id, pillars=(Pillar.ESTATES,))
    examples.review(MODERATOR, receipt.id, Action.APPROVE)
    assert found("bicycle", pillar=Pillar.ESTATES)[0] == receipt.id
    tagged = examples.tag(SECOND, receipt.id, outcome=Outcome.PARTLY)
    assert (tagged.state, tagged.content.outcome) == (State.PUBLISHED, Outcome.PARTLY)
    assert found("bicycle", outcome=Outcome.PARTLY)[0] == receipt.id
    assert library.store.document(receipt.id).metadata.pillars == (Pillar.ESTATES,)
    with pytest.raises(ExampleNotAllowedError):
        examples.tag(AUTHOR, receipt.id, outcome=Outcome.WORKED)


def test_merging_tells_the_author_and_counts_behind_the_other(examples, library, clock):
    first = examples.share(AUTHOR, content())
    examples.review(MODERATOR, first.id, Action.APPROVE)
    second = examples.share(OTHER, content())
    assert (first.id, "example") in [(duplicate.id, duplicate.kind) for duplicate in second.duplicates]
    merged = examples.merge(MODERATOR, second.id, first.id)
    assert (merged.state, merged.merged_into) == (State.DECLINED, first.id)
    [message] = told(library, clock, OTHER.id)
    assert (message.kind, message.data["merged_into"]) == ("example.merged", first.id)
    assert examples.members_behind([first.id]) == 2
    for into in (second.id, first.id):
        with pytest.raises(ExampleError, match="cannot take"):
            examples.merge(MODERATOR, first.id, into)
    with pytest.raises(ExampleError, match="no example with the id nowhere"):
        examples.merge(MODERATOR, first.id, "nowhere")


@pytest.mark.parametrize("earlier", [False, True])
def test_the_reason_of_a_merger_names_no_title_that_may_be_withdrawn_one_day(examples, library, clock, earlier):
    first = examples.share(AUTHOR, content(title="Zebra crossing"))
    examples.review(MODERATOR, first.id, Action.APPROVE)
    second = examples.share(OTHER, content())
    if earlier:  # as it was kept before
        reason = f"It says the same as {first.id}, “Zebra crossing”."
        command = Command(Action.MERGE, MODERATOR, reason=reason, merged_into=first.id)
        library.examples.change(second.id, command, lambda one, history: decide(one, command, history, clock()))
    else:
        examples.merge(MODERATOR, second.id, first.id)
    examples.withdraw(AUTHOR, first.id)
    for viewer in (OTHER, MODERATOR):
        audit = examples.show(viewer, second.id).audit
        assert audit[-1].reason == f"It says the same as {first.id}."
        assert "Zebra" not in str(audit)
    if not earlier:
        assert "Zebra" not in str([message.data for message in told(library, clock, OTHER.id)])


def test_near_duplicates_are_shown_without_titles_of_what_is_not_published(examples):
    first = examples.share(AUTHOR, content())
    [near] = examples.share(OTHER, content()).duplicates
    assert (near.kind, near.id, near.title) == ("submission", first.id, None)
    assert near.similarity > 0.9
    near = examples.share(MODERATOR, content()).duplicates[0]
    assert near.title == "Bicycle repair on the ward"
    bread = Content(title="Bread", what="We baked bread.", what_happened="It rose.", outcome="worked", clearance=True)
    assert examples.share(OTHER, bread).duplicates == ()


def test_the_queue_is_oldest_first_and_claiming_changes_no_place(examples, clock):
    given = []
    for number in range(3):
        given.append(examples.share(AUTHOR, content(title=f"Number {number}")).id)
        clock.later(days=1)
    examples.review(MODERATOR, given[0], Action.CLAIM)
    queue = examples.queue(MODERATOR)
    assert [(view.id, view.waiting_days) for view in queue] == list(zip(given, (3, 2, 1), strict=True))
    assert [view.claimed_by for view in queue] == [MODERATOR.id, None, None]
    with pytest.raises(ExampleNotAllowedError):
        examples.queue(AUTHOR)


def test_moderators_get_a_card_with_each_change_and_the_author_is_told_once(examples, library, clock):
    receipt = examples.share(AUTHOR, content())
    examples.review(MODERATOR, receipt.id, Action.APPROVE)
    cards = told(library, clock, MODERATORS)
    assert [card.data["version"] for card in cards] == [2, 4, 5]
    examples.tag(MODERATOR, receipt.id, outcome=Outcome.PARTLY)
    assert told(library, clock, AUTHOR.id) == []  # taken with the cards above: only the first publication is news


def test_what_waits_for_publication_is_published_later(library, clock):
    unable = Examples(library, None, WordCheck(), clock)
    receipt = unable.share(AUTHOR, content())
    assert unable.review(MODERATOR, receipt.id, Action.APPROVE).state is State.APPROVED
    assert library.store.documents() == []
    able = Examples(library, publisher(library), WordCheck(), clock)
    assert (able.publish_waiting(), able.publish_waiting()) == (1, 0)
    assert library.store.document(receipt.id) is not None


def test_an_approval_that_is_repeated_after_a_kill_is_published(library, clock):
    unable = Examples(library, None, WordCheck(), clock)
    receipt = unable.share(AUTHOR, content())
    unable.review(MODERATOR, receipt.id, Action.APPROVE, request_id="press")
    able = Examples(library, publisher(library), WordCheck(), clock)
    with pytest.raises(ExampleConflictError, match="already approved"):
        able.review(MODERATOR, receipt.id, Action.APPROVE)
    assert library.store.document(receipt.id) is not None
    assert able.review(MODERATOR, receipt.id, Action.APPROVE, request_id="press").state is State.PUBLISHED


def test_withdrawn_while_it_is_being_published(library, clock):
    def too_late(document):
        Examples(library, None, WordCheck(), clock).withdraw(AUTHOR, document.suggested_id)
        publisher(library)(document)

    examples = Examples(library, too_late, WordCheck(), clock)
    receipt = examples.share(AUTHOR, content())
    assert examples.review(MODERATOR, receipt.id, Action.APPROVE).state is State.WITHDRAWN
    assert library.store.documents() == []


def test_tagged_while_it_is_being_published(library, clock):
    publish, times = publisher(library), []

    def slow(document):
        publish(document)
        if not times:
            times.append(1)
            Examples(library, None, WordCheck(), clock).tag(SECOND, document.suggested_id, outcome=Outcome.PARTLY)

    examples = Examples(library, slow, WordCheck(), clock)
    receipt = examples.share(AUTHOR, content())
    assert examples.review(MODERATOR, receipt.id, Action.APPROVE).state is State.PUBLISHED
    assert library.store.document(receipt.id).metadata.outcome is Outcome.PARTLY


def test_the_audit_is_append_only(examples, library, settings):
    import sqlite3

    examples.share(AUTHOR, content())
    with sqlite3.connect(settings.database_path) as connection:
        for statement in ("DELETE FROM review_events", "UPDATE review_events SET reason = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    connection.close()


def test_a_thousand_wait_and_the_queue_stays_usable(examples, library):
    """No timed test: what a page of the queue and a new submission read does not grow with the queue."""
    submitted = Command(Action.SUBMIT, AUTHOR, findings=())
    for number in range(1000):
        given = content(title=f"Number {number}", what=f"Project number {number} is about n{number}.")
        draft = examples.draft(AUTHOR, given)
        library.examples.change(draft.id, submitted, lambda found, history: decide(found, submitted, history, START))
    assert len(examples.list(MODERATOR, Selection(), limit=10)) == 10
    assert len(examples.queue(MODERATOR)) == 1000
    assert examples.share(OTHER, content()).state is State.SUBMITTED
    assert library.examples.counts() == {State.SUBMITTED: 1001}
