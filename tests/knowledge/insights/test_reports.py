"""A report over a small log: topics, gaps with what is outside apart, votes dealt with, figures that name nobody."""

from datetime import timedelta

import pytest

from bot.texts.charts import has_chart, in_words, png, svg
from bot.texts.insights import as_csv, as_markdown, gap_line, people_line
from knowledge.dates import utc_now
from knowledge.domain.library import Answer
from knowledge.errors import QuestionError
from knowledge.insights.insights import InsightReports
from knowledge.insights.redaction import Redactor
from knowledge.insights.topics import group_questions, telling_words
from knowledge.matching.peers import Peers
from knowledge.privacy.personal_data import Found
from tests.fakes import Clock, WordEmbedder
from tests.knowledge.matching.people import GARDEN, add


class NameCheck:
    """Takes "Ottoline" for a person."""

    has_name_model = True

    def find(self, text):
        start = text.find("Ottoline")
        return [] if start < 0 else [Found("PERSON", start, start + len("Ottoline"), 0.9)]


@pytest.fixture
def clock():
    return Clock(utc_now())  # documents arrive by the clock of the machine


@pytest.fixture
def reports(filled, clock):
    filled.questions._clock = clock
    return InsightReports(filled, Peers(filled, clock), NameCheck(), clock)


@pytest.fixture
def ask(filled):
    """Log a question without asking it."""

    def log(text, *, answered=True, **more):
        return filled.questions.log(Answer(question=text, answered=answered, text="An answer.", **more))

    return log


@pytest.fixture
def busy(ask):
    for number in range(8):
        ask(f"How do hospitals recruit porters locally, try {number}?")
        ask(f"Which growers deliver kitchen vegetables, case {number}?")
    return [ask(f"Do green roofs hold rain water and cool rooms {number}?", answered=False) for number in range(4)]


def test_topics_have_words_of_their_own_and_a_typical_question(reports, busy):
    report = reports.latest()
    assert report.questions == 20
    words = [set(topic.words) for topic in report.topics]
    assert any("porters" in telling for telling in words)
    assert any("growers" in telling for telling in words)
    assert not words[0] & words[1]
    assert sum(topic.questions for topic in report.topics) + report.apart == 20


def test_a_gap_is_what_was_refused_with_the_nearest_documents(reports, busy):
    (gap,) = reports.latest().gaps
    assert (gap.questions, gap.refused) == (4, 4)
    assert "green roofs hold rain water" in gap.typical
    assert gap.nearest[0] == "Green roofs"
    assert gap.people == 0


def test_what_is_about_something_else_is_kept_apart(reports, busy, ask):
    ask("zebra quokka wombat narwhal?", answered=False)
    report = reports.latest()
    assert report.outside == 1
    assert [gap.typical for gap in report.other_gaps] == ["zebra quokka wombat narwhal?"]
    assert len(report.gaps) == 1


def test_not_helpful_reaches_moderators_without_a_name_and_can_be_dealt_with(reports, ask, filled, clock):
    question = ask("Does Ottoline still run the roofs that hold rain water?")
    filled.questions.vote(question, "discord:1", helpful=False)
    (one,) = reports.disliked()
    assert one.votes is None
    assert one.question == "Does [a person] still run the roofs that hold rain water?"
    gap = reports.latest().gaps[0]
    assert (gap.questions, gap.refused, gap.unhelpful) == (1, None, None)
    assert gap_line(gap) == "1 refused, or answered without helping"
    assert reports.settle(question)
    assert reports.disliked() == []
    assert reports.latest().gaps == ()
    clock.later(hours=1)
    filled.questions.vote(question, "discord:2", helpful=False)
    assert len(reports.disliked()) == 1, "another vote opens it again"
    assert not reports.settle("no-such-question")


def test_few_people_are_not_counted(reports, ask, filled, monkeypatch):
    """Neither who voted, nor who can help: from five on they are."""
    question = ask("Do green roofs hold rain water?")
    said = {}
    for number in range(6):
        filled.questions.vote(question, f"discord:{number}", helpful=False)
        monkeypatch.setattr(reports._peers, "count_on", lambda _, found=number + 1: found)
        reports.forget()
        report = reports.latest()
        assert report.gaps[0].can_help
        said[number + 1] = report.disliked[0].votes, report.gaps[0].people, people_line(report.gaps[0])
    few = (None, None, "a few members can probably help")
    assert said == {**dict.fromkeys(range(1, 5), few), **{n: (n, n, f"{n} members can probably help") for n in (5, 6)}}


def test_no_name_stands_in_a_report(reports, ask):
    for number in range(6):
        ask(f"Where does Ottoline plant roofs, visit {number}?", answered=False)
    report = reports.latest()
    assert "Ottoline" not in report.model_dump_json()
    assert "ottoline" not in as_markdown(report, "Insights").lower()


def test_vectors_that_are_missing_are_made_a_few_at_a_time(reports, busy, filled):
    assert reports.embed_missing(5) == 5
    assert len(filled.insights.without_vector(WordEmbedder.name, 100)) == 15
    assert reports.latest().notes == ()


def test_vectors_go_with_their_question(reports, busy, filled, settings):
    reports.latest()
    held, _ = filled.insights.vectors(WordEmbedder.name, busy)
    assert held == busy
    with filled.store._connections.write() as connection:
        connection.execute("DELETE FROM questions")
    assert filled.insights.vectors(WordEmbedder.name, busy)[0] == []


def test_a_question_that_is_asked_keeps_its_vector_without_embedding_it_again(filled, embedder, monkeypatch):
    from knowledge.assistant import Assistant

    embedded = []
    embed = embedder.embed_queries
    monkeypatch.setattr(embedder, "embed_queries", lambda texts: embedded.extend(texts) or embed(texts))
    answer = Assistant(filled).ask("How many entry jobs for local residents were kept?")
    assert filled.insights.vectors(WordEmbedder.name, [answer.question_id])[0] == [answer.question_id]
    assert len(embedded) == len(set(embedded))


def test_figures_of_documents_and_months(reports, busy, filled):
    tables = {table.key: table for table in reports.latest().tables}
    assert tables["questions"].rows[-1].figures == (20, 16, 0, 0)
    assert tables["library"].rows[-1].figures[1] == 3
    assert tables["documents"].rows == ()
    for table in tables.values():
        assert table.counted


def test_faces_get_csv_markdown_and_pictures(reports, busy):
    report = reports.latest()
    lines = as_csv(report.tables).splitlines()
    assert lines[0] == "table,title,row,column,figure,how_counted"
    assert any(line.startswith("questions,Questions by month,All,Asked,20,") for line in lines)
    markdown = as_markdown(report, "Insights 2026")
    assert markdown.count("*How it was counted:") >= 6
    table = report.tables[0]
    assert has_chart(table)
    assert "asked 20" in in_words(table)
    assert svg(table).startswith("<svg")
    assert "<desc" in svg(table)
    assert png(table).startswith(b"\x89PNG")


def test_a_year_that_has_not_come_is_refused(reports, clock):
    year = clock().year
    assert reports.of_year(year).since == f"{year}-01-01"
    with pytest.raises(QuestionError, match="no year"):
        reports.of_year(year + 1)


def test_a_year_that_has_not_ended_is_reported_up_to_today(reports, clock, busy):
    clock.now = clock.now.replace(month=4, day=15)
    report = reports.of_year(clock.now.year)
    assert report.until == f"{clock.now.year}-04-16"
    months = [row.name for row in report.tables[0].rows]
    assert months == [*(f"{clock.now.year}-0{month}" for month in range(1, 5)), "All"]
    assert reports.of_year(clock.now.year - 1).until == f"{clock.now.year}-01-01"


def test_a_text_is_redacted_though_another_thread_drops_what_is_kept():
    class Dropping(NameCheck):
        def find(self, text):
            redactor._known = Forgetful()
            return super().find(text)

    class Forgetful(dict):
        def __setitem__(self, text, redacted):
            """Be emptied by another thread at once."""

    redactor = Redactor(Dropping())
    assert redactor.redacted("Does Ottoline know?") == "Does [a person] know?"


def test_a_report_is_kept_until_something_is_dealt_with(reports, busy, clock, ask):
    clock.now += timedelta(seconds=1)
    first = reports.latest()
    assert reports.latest() is first
    clock.now += timedelta(seconds=1)
    ask("Who shows new colleagues around?")
    assert reports.latest() is first
    clock.now += timedelta(minutes=11)
    assert reports.latest() is not first


def test_what_was_erased_is_in_no_report_that_was_kept(reports, ask, filled, clock):
    question = ask("Does green glass hold rain water?", answered=False)
    clock.now += timedelta(seconds=1)
    assert "glass" in reports.latest().model_dump_json()
    with filled.questions._connections.write() as connection:
        connection.execute("DELETE FROM questions WHERE id = ?", [question])
    assert "glass" not in reports.latest().model_dump_json()


def test_few_or_equal_questions_make_no_trouble():
    import numpy as np

    assert group_questions(np.zeros((0, 0), dtype=np.float32)) == []
    assert group_questions(np.eye(9, dtype=np.float32)) == []
    same = np.tile(np.eye(1, 64, dtype=np.float32), (30, 1))
    assert sum(len(group.members) for group in group_questions(same)) in (0, 30)


def test_words_that_all_groups_share_tell_nothing():
    texts = ["anchor food growers", "anchor food farms growers", "anchor land", "anchor land homes"]
    assert telling_words(texts, [[0, 1], [2, 3]])[0][0] in ("food", "growers")
    assert telling_words(texts, [[0, 1], [2, 3]])[1] == ("land", "anchor")


def test_outcomes_are_counted_in_members_and_small_groups_are_kept_back(reports, filled, clock):
    peers = Peers(filled, clock)
    for number in range(14):
        nation = "england" if number < 9 else "wales" if number < 12 else "scotland"
        add(peers, f"m{number}", GARDEN, nation=nation, pillars=["environment"])
    pairs = [("m0", "m1"), ("m2", "m3"), ("m4", "m5"), ("m9", "m10")]
    for seeker, other in pairs:
        asked = peers.ask(seeker, other)
        peers.accept(other, asked.id)
        for one in (seeker, other):
            kind, moment = "did_you_speak", clock().isoformat()
            filled.members.save_answer(asked.id, one, kind, answer=True, moment=moment)
    tables = {table.key: table for table in reports.latest(anew=True).tables}
    by_nation = {row.name: row.figures for row in tables["outcomes_by_nation"].rows}
    assert by_nation["Wales"] == (None, None, None, None, 0)
    assert by_nation["Scotland"] == (None, 0, 0, 0, 0)
    assert by_nation["All"] == (14, 8, 8, 8, 0)
    assert by_nation["England"] == (9, None, None, None, 0), "of nine six took part: the three others are a small group"
    assert {row.name for row in tables["outcomes_by_pillar"].rows} == {"Environment"}
    assert tables["sets_by_stage"].columns[1:] == ("In a learning set", "A date was fixed", "Closed with a note")
    assert [row.figures[1:] for row in tables["sets_by_nation"].rows] == [(0, 0, 0)] * 4
    assert tables["members"].rows[-1].figures == (14,)
    assert next(row.figures for row in tables["introductions"].rows if row.figures != (0, 0)) == (None, None)
