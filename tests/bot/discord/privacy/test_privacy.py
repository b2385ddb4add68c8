"""/my-data and /forget-me: everything about somebody as a file, and nothing of it left anywhere."""

import json
import sqlite3

import pytest

from bot.discord.ask import texts as ask_texts
from bot.discord.peers import texts as peer_texts
from bot.discord.privacy import texts
from indexer.pipeline import publisher
from knowledge.accounts.accounts import Accounts
from knowledge.dates import stamp
from knowledge.digest.digests import MemberDigests
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.domain.examples import OPERATOR, Action, Actor, Author, Content, Role
from knowledge.domain.insights import FeedbackCard
from knowledge.domain.library import Answer
from knowledge.domain.members import LearningSet, Place
from knowledge.domain.outbox import Message
from knowledge.domain.vocabulary import Credit, Outcome
from knowledge.examples.examples import Examples
from knowledge.insights.curated import CuratedAnswers
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData
from knowledge.servers.types import Card, Post, SaveRequest
from tests.bot.conftest import said
from tests.bot.discord.peers.conftest import dms
from tests.bot.discord.privacy.held import embeddings_of, places_that_hold, vectors_held, vectors_in_files
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, RememberingEmbedder, add
from tests.test_processing_record import recorded

MARK = "zanzibar"
QUESTION = f"Opening hospital or clinic grounds to the public in {MARK}?"
YES = {"examples": ["without_name"], "sure": ["yes"]}


@pytest.fixture
def embedder():
    return RememberingEmbedder()


def example(filled, clock, member, title, *, publish=False):
    """An example of a member's, published or left with the moderators."""
    examples = Examples(filled, publisher(filled), clock=clock)
    content = Content(
        title=title,
        what="We opened the hospital grounds.",
        what_happened="People came.",
        for_whom="Neighbours",
        differently="Earlier",
        measured="Visits",
        outcome=Outcome.WORKED,
        organisation="Markhouse",
        credit=Credit.NAMED,
        clearance=True,
    )
    me = Actor(str(member.id), Role.MEMBER)
    receipt = examples.share(me, content, Author(member=me.id, name="Marian Mark"))
    if publish:
        examples.review(OPERATOR, receipt.id, Action.APPROVE)
    return receipt.id


@pytest.fixture
async def busy(channel, member, other, filled, clock, simcord_env):
    """A member with everything that can be held about somebody, and another one who deals with them."""
    peers = Peers(filled, clock)
    add(peers, str(member.id), WANTS_GARDEN, region=MARK, display_name="Marian Mark", organisation="Markhouse")
    add(peers, str(other.id), GARDEN, display_name="Sample helper", looking_for="Careers talks")
    refused = await member.slash(channel, "ask", question=QUESTION)
    await member.click(refused.response, label=ask_texts.TELL_ME)
    await member.click(refused.response, label=ask_texts.NOT_HELPFUL)
    offered = await member.click(refused.response, label=peer_texts.ASK_A_PEER)
    await member.click(offered.response, label=peer_texts.SHOW_NAME)
    found = await member.slash(channel, "peers", topic=f"Hospital grounds {MARK}")
    form = await member.click(found.response, label=peer_texts.ASK)
    await member.submit_modal(form, {"topic": f"About {MARK}"})
    peers.ask_peers(str(other.id), "Careers talks in schools")
    questions = peers.questions_for(str(member.id))
    if questions:
        peers.reply(str(member.id), questions[0].question_id, f"We did that in {MARK}.", may_share=True)
    peers.block(str(member.id), "77")
    peers.tell_me(str(member.id))
    example(filled, clock, member, "Open grounds", publish=True)
    example(filled, clock, member, f"Waiting in {MARK}")
    vector = filled.embedder.embed_queries([MARK])[0]
    post = Post(thread_id=5, server_id=1, forum_id=2, author_id=member.id, title=f"Post on {MARK}")
    filled.servers.posts.save(post, vector, filled.embedder.name)
    filled.servers.members.keep_form(member.id, "profile_form:words", {"working_on": [MARK]}, clock())
    wish = SaveRequest(id="wish", message_id=8, channel_id=9, server_id=1, author_id=member.id)
    asking = Message(key="wish", recipient=str(member.id), kind="example.ask", data={"request": "wish"})
    filled.servers.reviews.ask(wish, asking, clock())
    found = Message(recipient=str(member.id), kind="answer_found", data={"question_id": "gone"})
    filled.outbox.add(found, clock())
    await simcord_env.settle()
    return peers


async def data_of(channel, member):
    shown = await member.slash(channel, "my-data")
    assert shown.ephemeral
    (attached,) = shown.response.attachments
    return json.loads(await attached.read())


async def test_the_file_holds_everything(channel, member, busy):
    held = await data_of(channel, member)
    assert held["id"] == str(member.id)
    assert held["profile"]["region"] == MARK
    assert {"introductions", "questions", "searches", "examples", "forum_posts", "waiting_for"} <= held.keys()
    for name in (
        "introductions",
        "questions",
        "searches",
        "examples",
        "done_to_examples",
        "forum_posts",
        "waiting_for",
        "messages_on_their_way",
        "forms",
        "library_questions",
        "feedback",
        "conversation",
        "blocked",
    ):
        assert held[name], name
    assert held["library_questions"][0]["question"] == QUESTION
    assert held["conversation"][0]["question"] == QUESTION
    assert len(held["examples"]) == 2
    assert held["waiting"] is True


async def test_nobody_elses_data_is_in_the_file(channel, member, other, busy):
    busy.block(str(other.id), str(member.id))
    text = json.dumps(await data_of(channel, member))
    assert str(other.id) not in text
    assert "Sample helper" not in text


async def test_forgotten_means_gone_from_every_table_index_and_file(channel, member, other, busy, filled):
    filled.searcher.search("grounds", 3)  # the dense index is on disk
    form = await member.slash(channel, "forget-me")
    done = said(await member.submit_modal(form, YES))
    assert texts.NOTHING_LEFT in done
    marks = (str(member.id), MARK, "marian", "markhouse")
    assert places_that_hold(filled, *marks) == []
    # The published example is there, and is nobody's.
    (document,) = [d for d in filled.store.documents() if "Open grounds" in d.metadata.title]
    assert "Marian" not in str(document)
    assert texts.MY_DATA_NONE in said(await member.slash(channel, "my-data"))
    again = await member.slash(channel, "forget-me")
    assert said(await member.submit_modal(again, YES)) == texts.NOTHING
    # The other one is as they were.
    assert busy.profile(str(other.id)).profile.display_name == "Sample helper"
    assert busy.questions_for(str(other.id)) == []


async def test_what_the_other_would_have_got_is_not_sent(channel, member, other, busy, filled, simcord_env, clock):
    before = len(dms(other))
    await member.submit_modal(await member.slash(channel, "forget-me"), YES)
    clock.pass_(days=20)
    await simcord_env.advance_time(70)
    await simcord_env.advance_time(70)
    assert len(dms(other)) == before


@pytest.mark.parametrize(("choice", "kept", "named"), [("as_they_are", True, True), ("withdrawn", False, False)])
async def test_published_examples_go_or_stay_as_the_author_says(channel, member, busy, filled, choice, kept, named):
    filled.searcher.search("grounds", 3)  # the index of vectors is on disk
    held, (given,) = vectors_held(filled), [d for d in filled.store.documents() if "Open grounds" in d.metadata.title]
    of_example = embeddings_of(filled, given.id)
    assert of_example
    assert vectors_in_files(filled, held) == held
    form = await member.slash(channel, "forget-me")
    await member.submit_modal(form, {"examples": [choice], "sure": ["yes"]})
    filled.searcher.search("grounds", 3)
    shown = [d for d in filled.store.documents() if "Open grounds" in d.metadata.title]
    assert bool(shown) is kept
    # Numbers computed from what is gone are gone from the database, its log and the index of vectors, too.
    left = vectors_held(filled)
    assert held - left
    assert vectors_in_files(filled, held - left) == set()
    # Of a document that stays the vectors stay; of one that is withdrawn they do not.
    assert bool(of_example & left) is kept
    assert ("Marian" in str(shown)) is named
    assert places_that_hold(filled, str(member.id), MARK) == []


async def test_unsure_deletes_nothing(channel, member, busy):
    form = await member.slash(channel, "forget-me")
    kept = await member.submit_modal(form, {"examples": ["without_name"], "sure": ["no"]})
    assert said(kept) == texts.KEPT
    assert busy.profile(str(member.id))


async def test_that_posts_be_left_out_outlives_forgetting_as_a_code(channel, member, busy, filled):
    filled.servers.posts.opt_out(member.id)
    form = await member.slash(channel, "forget-me")
    assert texts.OUT_STAYS in said(await member.submit_modal(form, YES))
    assert filled.servers.posts.opted_out(member.id)
    assert places_that_hold(filled, str(member.id)) == []


async def test_the_wish_not_to_be_asked_outlives_forgetting_and_that_is_said(channel, member, busy, filled):
    filled.servers.save_limits.refuse(member.id, refused=True)
    form = await member.slash(channel, "forget-me")
    assert texts.NEVER_ASKED_STAYS in said(await member.submit_modal(form, YES))
    assert filled.servers.save_limits.refuses(member.id)
    assert places_that_hold(filled, str(member.id)) == []


async def test_privacy_says_the_same_in_numbers(channel, member, busy):
    text = said(await member.slash(channel, "privacy"))
    assert texts.PROFILE.format(state=texts.FINDABLE) in text
    assert texts.EXAMPLES.format(number=2) in text
    assert texts.INTRODUCTIONS.format(number=1) in text
    assert texts.QUESTIONS.format(days=365, number=1) in text or "Questions you asked the library" in text


async def test_a_moderator_who_reviewed_is_forgotten_too(channel, member, other, busy, filled, clock):
    waiting = example(filled, clock, member, "Another one")
    examples = Examples(filled, publisher(filled), clock=clock)
    examples.review(Actor(str(other.id), Role.MODERATOR), waiting, Action.APPROVE)
    assert (await data_of(channel, other))["done_to_examples"]
    await other.submit_modal(await other.slash(channel, "forget-me"), YES)
    assert places_that_hold(filled, str(other.id)) == []


async def test_a_moderators_reason_goes_with_the_author_it_was_written_to(channel, member, busy, filled, clock):
    waiting = example(filled, clock, member, "Another one")
    examples = Examples(filled, publisher(filled), clock=clock)
    examples.review(OPERATOR, waiting, Action.REQUEST_CHANGES, "Dear Marian, leave Markhouse out, please.")
    await member.submit_modal(await member.slash(channel, "forget-me"), YES)
    assert places_that_hold(filled, "dear marian", "markhouse") == []
    assert [event.action for event in filled.examples.history(waiting)][-2:] == [
        Action.REQUEST_CHANGES,
        Action.WITHDRAW,
    ]


async def test_an_erasure_that_waits_for_another_reader_says_so_and_is_finished(
    channel, member, busy, filled, simcord_env, monkeypatch
):
    form = await member.slash(channel, "forget-me")
    reader = sqlite3.connect(filled.settings.database_path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM questions").fetchone()
    assert texts.PENDING in said(await member.submit_modal(form, YES))
    assert places_that_hold(filled, MARK)
    reader.execute("ROLLBACK")
    reader.close()
    await simcord_env.advance_time(70)
    assert places_that_hold(filled, MARK) == []


ADDRESS = f"marian@{MARK}.example"


@pytest.fixture
def busier(busy, member, other, filled, clock):
    """The same member with what comes of the web page, mail, learning sets, coffee and moderating."""
    me, them, now = str(member.id), str(other.id), clock()
    by_mail = {"web_members": "*", "mail_server": "localhost:25", "mail_from": "a@b.example", "web_url": "https://b.c"}
    filled.settings = filled.settings.model_copy(update=by_mail)
    accounts, digests = Accounts(filled.accounts, filled.settings), MemberDigests(filled, busy, clock)
    former = accounts.sign_in(accounts.make_link(ADDRESS, now), "a hash of a cookie", now).member_id
    accounts.sign_in_by_discord(me, "a hash of another", now, moderates=False)
    PersonalData(filled, busy, Examples(filled)).join(former, me)
    accounts.set_email(me, ADDRESS)
    accounts.make_link(ADDRESS, now, me)
    digests.choose(me, Frequency.WEEKLY, Means.EMAIL, ADDRESS)
    digests.address_failed(ADDRESS, gone=True)
    question = filled.questions.log(Answer(question=f"Of {MARK}?", answered=False, text="No."), now)
    filled.servers.follow_requests.add_address(ADDRESS, question, now, 5)
    for one in (me, them, "323456789012345678"):
        if one not in (me, them):
            add(busy, one, GARDEN, display_name="Third")
        busy.join_coffee(one)
    busy.draw_coffee()
    group = LearningSet(topic=f"Gardens of {MARK}", members=(me,), reason="Alike", first_question=f"Who is in {MARK}?")
    kept = busy.keep_set(group, None, None)
    busy.start_set(kept.id)
    with sqlite3.connect(filled.settings.database_path) as connection:
        day = connection.execute("SELECT day FROM learning_set_dates").fetchone()[0]
    busy.choose_days(me, kept.id, (day,))
    CuratedAnswers(filled, clock).write("Which jobs?", "Forty.", ["jobs"], checked_by=me)
    filled.examples.set_banned(me, now.isoformat())
    filled.servers.save_limits.count(member.id, other.id, now)
    filled.servers.save_limits.refuse(member.id, refused=True)
    with sqlite3.connect(filled.settings.database_path) as connection:
        voted = connection.execute("SELECT question_id FROM feedback").fetchone()[0]
        met = connection.execute("SELECT id FROM introductions WHERE seeker = ?", [me]).fetchone()[0]
        connection.execute("INSERT OR IGNORE INTO introduction_places VALUES (?, 1, 2, 3)", [met])
    filled.insights.keep_card(FeedbackCard(question_id=voted, channel_id=2, message_id=4))
    filled.insights.settle(voted, stamp(now))
    # The pair's earlier request went with its place.
    filled.members.save_place(Place(introduction_id=met, server_id=1, channel_id=2, thread_id=5))
    filled.members.save_answer(met, me, "did_you_speak", answer=True, moment=stamp(now))
    card = Card(id="shared", question_id=question, server_id=1, channel_id=2, message_id=3, shared=True)
    filled.servers.cards.share(card, member.id, now)


def counts(filled):
    """How many rows each table of the operator's record holds."""
    tables = sorted({table for table, _ in recorded()} - {"haln"})
    with sqlite3.connect(filled.settings.database_path) as connection:
        return {table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


async def test_every_table_of_the_record_is_erased(channel, member, other, busy, busier, filled):
    """On raw bytes: the database and its log, the indexes, and whatever else is in the data folder."""
    filled.searcher.search("grounds", 3)
    held = counts(filled)
    assert {table for table, number in held.items() if not number} == {"post_opt_outs"}
    done = said(await member.submit_modal(await member.slash(channel, "forget-me"), YES))
    assert texts.NOTHING_LEFT in done
    assert places_that_hold(filled, str(member.id), MARK, "marian", "markhouse") == []
    left = counts(filled)
    # These are theirs by a hash alone: no text would show it. What others have of the same sort is there as before.
    for table in ("accounts", "web_sessions", "sign_in_links", "former_accounts", "digest_choices", "failed_addresses"):
        assert (table, left[table]) == (table, 0)
    for table in ("questions", "question_askers", "feedback", "turns", "conversation_people", "follow_addresses"):
        assert (table, left[table]) == (table, 0)
    for table in ("learning_sets", "coffee_pairs", "example_bans", "shared_answers", "cards", "settled_feedback"):
        assert (table, left[table]) == (table, 0)
    assert left["save_request_counts"] == 1  # that the other one was asked
    assert left["save_request_refusals"] == 1  # the wish not to be asked is kept as a hash, so that it holds
    assert left["coffee_members"] == left["members"] == 2
