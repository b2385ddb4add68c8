import numpy as np

from knowledge.domain.members import Profile
from knowledge.domain.vocabulary import Pillar
from knowledge.matching.directory import TopicSpace, read_topics
from knowledge.matching.texts import need_texts, says_something, texts_of
from tests.fakes import WordEmbedder


def space():
    topics = read_topics()
    return TopicSpace(topics, WordEmbedder(dimension=256).embed_documents([line for t in topics for line in t.lines]))


def test_topics_are_named_once_and_cover_all_pillars():
    topics = read_topics()
    names = [topic.name for topic in topics]
    lines = [line for topic in topics for line in topic.lines]
    assert len(set(names)) == len(names) >= 60
    assert len(set(lines)) == len(lines)
    assert all(topic.pillars and len(topic.lines) >= 3 for topic in topics)
    assert {pillar for topic in topics for pillar in topic.pillars} == set(Pillar)


def test_a_text_is_about_the_topic_whose_line_it_resembles():
    there = space()
    names = [topic.name for topic in there.topics]
    line = "letting vacant or boarded-up premises to groups"
    shares = there.shares(there.centred(WordEmbedder(dimension=256).embed_documents([line])))
    assert names[int(shares[0].argmax())] == "empty buildings and meanwhile use"
    assert shares[0].max() > 0.5
    assert shares.sum() <= 1.0001


def test_no_text_is_about_nothing():
    there = space()
    centred = there.centred(np.zeros((2, 256), dtype=np.float32))
    assert not centred.any()
    assert not there.shares(centred).any()


def test_a_text_far_from_all_topics_has_small_shares():
    there = space()
    shares = there.shares(there.centred(WordEmbedder(dimension=256).embed_documents(["zebra quartz violin"])))
    assert shares.max() < 0.15
    assert shares.sum() < 0.5


def test_the_texts_of_a_profile_leave_out_what_says_nothing():
    texts = texts_of(Profile(id="a", role="Buyer", working_on="Tenders.", can_offer="Nothing yet", looking_for="help"))
    assert texts.offer == "Tenders."
    assert texts.offer_with_role == "Buyer. Tenders."
    assert (texts.need, texts.need_in_context) == ("Tenders.", "Tenders.")
    assert not says_something("Not sure, open to ideas")
    assert need_texts("letting neighbours use it", "A lawn.") == (
        "letting neighbours use it",
        "letting neighbours use it A lawn.",
    )


def test_other_texts_are_made_of_something_else():
    one = texts_of(Profile(id="a", working_on="Tenders"))
    assert one.made_of == texts_of(Profile(id="b", working_on="Tenders", nation="wales")).made_of
    assert one.made_of != texts_of(Profile(id="a", can_offer="Tenders")).made_of
