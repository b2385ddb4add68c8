"""Insights in words: as Markdown for an evaluator, as CSV for a spreadsheet, and in lines for the terminal."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.texts.charts import HIDDEN
from knowledge.dates import spoken_date
from knowledge.domain.insights import FigureTable, Gap, Insights, Topic
from knowledge.domain.visible_text import visible_text
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.examples.export import cell, plain_words
from knowledge.insights.figures import TOTAL
from knowledge.matching.wording import counted

# What a moderator can do about a gap; each face says how, there.
ADD_RESOURCE = "Add a resource"
ASK_MEMBERS = "Ask these members"
COMMISSION = "Commission a case study"
WRITE_ANSWER = "Write an answer"
NOTHING_ASKED = "Nobody has asked anything in this period."
TOPICS_COUNTED = (
    "Questions whose vectors lie close together (HDBSCAN; a topic has at least five). The words set it apart from the "
    "other topics (c-TF-IDF), the question is the one nearest to all others. Names, numbers and addresses of people "
    "are taken out before anybody reads it."
)
GAPS_COUNTED = (
    "Questions that were refused, or whose answer helped nobody who voted, and that no moderator has dealt with. What "
    "is about another subject than the library's is kept apart: no passage comes near it."
)


def period(insights: Insights) -> str:
    """Return the period in words."""
    last = date.fromisoformat(insights.until) - timedelta(days=1)
    return f"{spoken_date(insights.since)} to {spoken_date(last.isoformat())}"


def topic_line(topic: Topic) -> str:
    """Return what is to be said of a topic, in one line."""
    failed = [
        f"{number} {what}"
        for number, what in ((topic.unanswered, "not answered"), (topic.unhelpful, "answered without helping"))
        if number
    ]
    return f"{counted(topic.questions, 'question')}{': ' if failed else ''}{', '.join(failed)}"


def gap_line(gap: Gap) -> str:
    """Return how often a gap was met, in one line."""
    if gap.unhelpful is None:
        return f"{gap.questions} refused, or answered without helping"
    said = [
        f"{number} {what}"
        for number, what in ((gap.refused, "refused"), (gap.unhelpful, "answered without helping"))
        if number
    ]
    return ", ".join(said)


def people_line(gap: Gap) -> str:
    """Return whether members can probably help with a gap, and how many where they are five and more; else nothing."""
    if not gap.can_help:
        return ""
    return f"{counted(gap.people, 'member') if gap.people else 'a few members'} can probably help"


def reasons(values: Sequence[str]) -> str:
    """Return why answers did not help, in words."""
    return ", ".join(FeedbackReason(value).label for value in values)


def brief(gap_question: str, nearest: Sequence[str]) -> str:
    """Return a request for a case study, to be sent to whoever could write one."""
    near = f" What we have comes near, and does not answer it: {'; '.join(nearest)}." if nearest else ""
    return (
        f"Members of the network ask: “{gap_question}”. The library has no good answer.{near} Could you tell us in a "
        "page what you did, for whom, what happened, what you would do differently, and how it was measured? What "
        "did not work is as welcome as what did."
    )


def figure(value: int | None) -> str:
    """Return a figure, a dash where it is not shown."""
    return HIDDEN if value is None else f"{value:,}"


def as_csv(tables: Sequence[FigureTable]) -> str:
    """Return all figures as CSV, one a line; what is not shown is empty."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["table", "title", "row", "column", "figure", "how_counted"])
    for table in tables:
        for row in table.rows:
            for column, value in zip(table.columns, row.figures, strict=True):
                writer.writerow(
                    [
                        table.key,
                        cell(table.title),
                        cell(row.name),
                        cell(column),
                        "" if value is None else value,
                        table.counted,
                    ]
                )
    return made.getvalue()


def as_markdown(insights: Insights, title: str) -> str:
    """Return the report for an evaluator: every figure with how it was counted."""
    return visible_text("\n".join(_markdown(insights, title))).rstrip() + "\n"


def _markdown(insights: Insights, title: str) -> Iterator[str]:
    share = f" ({insights.answered / insights.questions:.0%})" if insights.questions else ""
    yield from (f"# {title}", "", f"Period: {period(insights)}.", "")
    yield f"{counted(insights.questions, 'question')} asked, {insights.answered} of them answered{share}."
    yield from ("", *(f"- {note}" for note in insights.notes), "", "## What is asked", "")
    for topic in insights.topics:
        words = plain_words(", ".join(topic.words)) or "Various"
        yield f"- **{words}**: {topic_line(topic)}. Typical: “{plain_words(topic.typical)}”"
    if not insights.topics:
        yield "No five questions were alike."
    yield from (
        "",
        f"{counted(insights.apart, 'question')} like no others.",
        "",
        f"*How it was counted: {TOPICS_COUNTED}*",
    )
    yield from ("", "## What could not be answered", "")
    for gap in insights.gaps:
        yield f"- “{plain_words(gap.typical)}” ({'; '.join(filter(None, (gap_line(gap), people_line(gap))))})"
    yield from ("", f"About other subjects than the library's: {counted(insights.outside, 'question')}.", "")
    yield from (f"*How it was counted: {GAPS_COUNTED}*", "")
    for table in insights.tables:
        if not table.rows:
            continue
        yield from (
            f"## {table.title}",
            "",
            f"| | {' | '.join(table.columns)} |",
            "|---|" + "---:|" * len(table.columns),
        )
        for row in table.rows:
            name = f"**{row.name}**" if row.name == TOTAL else plain_words(row.name)
            yield f"| {name} | {' | '.join(figure(value) for value in row.figures)} |"
        yield from ("", f"*How it was counted: {table.counted}*", "")
