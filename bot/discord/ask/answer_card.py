"""Answers as Discord messages (Components V2) with their buttons, within Discord's limits whatever the documents hold.

A message of this kind makes no previews of its links.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord
from discord import ui

from bot.discord.ask import texts
from bot.discord.peers import texts as peer_texts
from bot.discord.peers.match_view import show_them
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Item, button, left_out, link_rows, within
from bot.discord.runtime.markdown import cut, link, safe, safe_cut
from bot.texts.sources import ShownSource, sources
from knowledge.answering.layout import Placed, markdown, marked_span, placed
from knowledge.answering.wording import NEAREST, NEXT_STEP, NO_ANSWER, refusal
from knowledge.domain.library import Answer, Sentence
from knowledge.insights.curated_review import RESTS_ON, checked_note
from knowledge.servers.types import Card

# No mark stands alone at the beginning of a line.
_TIED = "\u00a0"
_LONGEST_SENTENCE = 1000
# https://discord.com/developers/docs/components/reference: all texts of a message together.
MOST_TEXT = 4000
MOST_TITLE = 256
# What is left for the answer itself, however long the addresses of its sources are.
_LEAST_BODY = 700
_MOST_REASON = 800
_MOST_NEAR_QUOTE = 300
# What a reply in a channel may take before it moves into a thread: about what a phone shows at once.
LONG_ANSWER = 900
ANSWERED, REFUSED = discord.Colour(0x00796B), discord.Colour(0x6B7280)


def passages(answer: Answer, most: int) -> str:
    """Return as many of the answer's sentences as fit into so many characters of Markdown."""
    return _fitting(_pointed(answer), answer, most)


def point(answer: Answer, most: int) -> str:
    """Return the sentence that answers, with the list that it introduces or that it is an item of."""
    sentences = _pointed(answer)
    place = next((place for place, sentence in enumerate(sentences) if sentence.strong), 0)
    chosen = list(sentences[place : place + 1])
    if chosen and chosen[0].item:
        introduction = next((sentence for sentence in reversed(sentences[:place]) if not sentence.item), None)
        if introduction is not None and introduction.text.endswith(":"):
            chosen.insert(0, introduction)
    elif chosen and chosen[0].text.endswith(":"):
        for sentence in sentences[place + 1 :]:
            if not sentence.item:
                break
            chosen.append(sentence)
    return _fitting(chosen, answer, most)


def quoted(text: str) -> str:
    """Return Markdown as a block quotation."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _pointed(answer: Answer) -> Sequence[Sentence]:
    """Return the sentences; the first is the point of a written answer, and of those that were kept from before."""
    sentences = answer.sentences
    listed = answer.closest or answer.shape == "list" or answer.curated is not None
    if not sentences or listed or any(sentence.strong for sentence in sentences):
        return sentences
    return (sentences[0].model_copy(update={"strong": True}), *sentences[1:])


def _fitting(sentences: Sequence[Sentence], answer: Answer, most: int) -> str:
    for count in range(len(sentences), 0, -1):
        text = markdown(
            placed(sentences[:count], answer.citations),
            _shown,
            lambda numbers: _TIED + _TIED.join(f"`[{n}]`" for n in numbers),
            lambda title: f"**{safe(cut(title, 200))}**" if title.strip() else "",
            between_entries="\n",
        )
        if len(text) <= most:
            return text
    return cut(safe(sentences[0].text), most) if sentences else ""


def _shown(one: Placed) -> str:
    """Return the text of a sentence; the one that answers in bold, and in it the shortest answer underlined."""
    text = cut(one.sentence.text, _LONGEST_SENTENCE)
    # In a list of documents the titles are in bold.
    if not one.sentence.strong or one.listed or not text.strip():
        return safe(text)
    span = marked_span(one.sentence)
    if span is None or span[1] >= _LONGEST_SENTENCE:
        return f"**{safe(text)}**"
    before, answer, after = text[: span[0]], text[span[0] : span[1]], text[span[1] :]
    space = " " if before.strip() and before[-1].isspace() else ""
    more = " " if after.strip() and after[0].isspace() else ""
    return f"**{safe(before)}{space}__{safe(answer)}__{more}{safe(after)}**"


def answer_view(
    answer: Answer,
    card: Card | None,
    today: date,
    *,
    heading: str | None = None,
    note: str | None = None,
    line: str | None = None,
) -> ui.LayoutView:
    """Return an answer with its card's buttons; with `line`, how many members work on it, and a button to see them."""
    small_print = joined(line, note)
    buttons = _buttons(answer, card) if card is not None else []
    view = answer_card(answer, today, buttons, heading=heading, note=small_print)
    if line is not None and card is not None:
        view.add_item(ui.ActionRow(show_them(card.id)))
    return view


def joined(*notes: str | None) -> str | None:
    """Return lines of small print as one note; `None` where there are none."""
    return "\n-# ".join(filter(None, notes)) or None


def answer_card(
    answer: Answer,
    today: date,
    buttons: Sequence[ui.Item[Any]] = (),
    *,
    heading: str | None = None,
    note: str | None = None,
) -> ui.LayoutView:
    """Return the question, what the library says, where it comes from, and a row of up to five buttons.

    `heading` stands above the question and `note` below everything, both in small print. A reply that quotes nothing (a
    greeting, or whom to call in danger) stands alone.
    """
    if answer.answered and not answer.citations:
        return _alone(answer)
    head = [f"-# {heading}"] if heading else []
    head.append(f"> {cut(safe(answer.question), MOST_TITLE)}")
    if answer.curated is not None:
        head.append(f"✅ **{safe(checked_note(answer.curated))}**")
    if answer.understood and answer.understood != answer.question:
        head.append(f"-# {texts.UNDERSTOOD.format(question=cut(safe(answer.understood), MOST_TITLE))}")
    title, footer = "\n".join(head), _footer(answer, note)
    below, lost = _below(answer, today, MOST_TEXT - len(title) - len(footer) - _LEAST_BODY)
    body = _body(answer, MOST_TEXT - len(title) - len(below) - len(footer))
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ANSWERED if answer.answered else REFUSED)
    for text in filter(None, (title, body)):
        container.add_item(ui.TextDisplay(text))
    if below:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(below))
        for row in link_rows(lost):
            container.add_item(row)
    if footer:
        container.add_item(ui.Separator(visible=False))
        container.add_item(ui.TextDisplay(footer))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def point_card(answer: Answer) -> ui.LayoutView:
    """Return the question and the point of its answer, where the rest is in a thread."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ANSWERED)
    container.add_item(ui.TextDisplay(f"> {cut(safe(answer.question), MOST_TITLE)}"))
    if said := point(answer, MOST_TEXT // 2):
        container.add_item(ui.TextDisplay(said))
    container.add_item(ui.TextDisplay(f"-# {texts.MORE_IN_THREAD}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def is_long(answer: Answer) -> bool:
    """Return whether an answer takes more of a channel than everybody there should have to scroll past."""
    return answer.answered and bool(answer.citations) and len(answer.text) > LONG_ANSWER


def _alone(answer: Answer) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(cut(answer.text.strip(), MOST_TEXT) or NO_ANSWER))
    return view


def _body(answer: Answer, most: int) -> str:
    if answer.closest and answer.sentences:
        opening = _refusal(answer)
        # A line of a quotation takes two characters more, and a sentence begins at most two lines.
        said = passages(answer, most - len(opening) - 4 * len(answer.sentences) - 3)
        return f"{opening}\n{quoted(said)}"
    if not answer.answered:
        said = _refusal(answer)
        return "\n".join(filter(None, [said, _nearest(answer, most - len(said))]))
    note = safe_cut(answer.note, _MOST_REASON) if answer.note else ""
    said = passages(answer, most - len(note) - 2) or safe_cut(answer.text, most - len(note) - 2)
    return "\n\n".join(filter(None, [said, note]))


def _refusal(answer: Answer) -> str:
    said, why = refusal(answer)
    return f"**{safe_cut(said, _MOST_REASON)}** {safe_cut(why, _MOST_REASON)}".strip()


def _nearest(answer: Answer, most: int) -> str:
    """Return the nearest documents in one line."""
    found: list[str] = []
    for near in answer.nearest:
        quote = f" (“{safe_cut(near.quote, _MOST_NEAR_QUOTE)}”)" if near.quote else ""
        found.append(f"{link(near.title, near.url)}{quote}")
    found = within(found, most - len(NEAREST) - 4 - 2 * len(found))
    return f"{NEAREST}: {' · '.join(found)}" if found else ""


def _below(answer: Answer, today: date, most: int) -> tuple[str, list[tuple[str, str]]]:
    """Return every source that is cited, since the answer is cut before one of them is; and the links without room."""
    if not answer.citations:
        return "", []
    cited = [_source_line(source) for source in sources(answer.citations, today)]
    shown = within(cited, most - len(texts.SOURCES) - 5)
    return "\n".join([f"**{texts.SOURCES}**", *shown]), left_out(cited, shown)


def _footer(answer: Answer, note: str | None) -> str:
    said = texts.WRITTEN.format(model=safe(answer.written_by)) if answer.written_by else texts.FOOTER
    if answer.curated is not None:
        said = RESTS_ON
    lines = (
        NEXT_STEP if not answer.answered else None,
        texts.FIND_PEOPLE if answer.asks_for_people else None,
        said if answer.citations else None,
        note,
    )
    return "\n".join(f"-# {line}" for line in lines if line)


def _source_line(source: ShownSource) -> str:
    numbers = " ".join(f"`[{n}]`" for n in source.numbers)
    return f"{numbers} {link(source.title, source.url)}\n-# {safe(source.details)}"


def _buttons(answer: Answer, card: Card) -> list[Item]:
    """Return at most five buttons: what this member, or everybody on a shared card, can do with this answer."""
    found = [
        button("helpful", card.id, texts.HELPFUL, discord.ButtonStyle.success),
        button("unhelpful", card.id, texts.NOT_HELPFUL),
    ]
    if answer.answered:
        found.append(button("more", card.id, texts.MORE))
    else:
        found.append(button("tell", card.question_id, texts.TELL_ME, discord.ButtonStyle.primary))
    # Under an answer as well: somebody who has done it knows more than what was written down.
    found.append(button("ask_peer", card.question_id, peer_texts.ASK_A_PEER))
    if card.shared:
        found.append(button("dismiss", card.id, runtime_texts.DISMISS))
    elif card.server_id is not None and answer.answered:
        found.append(button("share", card.id, texts.SHARE))
    return found
