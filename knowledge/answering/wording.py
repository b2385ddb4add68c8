"""The words of answers and refusals besides quotes, in one place: British English, plain words.

`Answer.text` is made of them here, because the JSON of the commands carries it; faces lay out what they show from the
answer's codes (`answered`, `closest`, `missing`) and the same words.
"""

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.answering.gate import Missing
from knowledge.answering.layout import markdown, placed
from knowledge.domain.library import Answer, NearDocument, Sentence

GREETING = (
    "Hello! Ask me anything about anchor work: how to get started, what others have done, what worked and what did "
    "not. I answer from the network's library and show where each sentence comes from."
)
THANKS = "You're welcome. Ask again whenever you like."
FAREWELL = "Goodbye, and good luck with your anchor work."
ABILITIES = (
    "I answer questions about anchor work (jobs, spending, land and buildings, environment, partnership) from the "
    "Health Anchors Learning Network's library of case studies, lessons and reports.\n\n"
    "Every sentence I quote shows its source. When the library does not hold an answer, I say so and point you to "
    "what comes nearest. I make nothing up and I have no opinions.\n\n"
    'Try: "How do we get started?" or "Who has worked with housing associations?"'
)

EMERGENCY = (
    "If somebody is in danger, call **999** now, or 112 from any mobile. For urgent medical help that is not an "
    "emergency, call **NHS 111** or go to 111.nhs.uk. "
    "I am an assistant for a library of documents and cannot help with this."
)
IN_DISTRESS = (
    "I am sorry that things are this hard. Please talk to somebody now: the **Samaritans** answer at any hour on "
    "**116 123**, free, or text SHOUT to 85258. **NHS 111**, option 2, is for mental health. "
    "If a life is in danger, call **999**. "
    "I am an assistant for a library of documents and cannot help with this myself."
)
IN_VIOLENCE = (
    "If you or somebody else is in danger, call **999** now; if you cannot speak, press 55 when asked. The National "
    "Domestic Abuse Helpline is free at any hour on **0808 2000 247**. "
    "I am an assistant for a library of documents and cannot help with this myself."
)

NOTHING_ON = "There is nothing coming up in the network's calendar."
NOTHING_ON_THEN = "There is nothing in the network's calendar for that time."


DATES_DISAGREE = "These sources do not agree on the date."
FIGURES_DISAGREE = "These sources do not agree on the figure."
NEXT_STEP = "Try other words, or ask a peer who may know."
NOTHING_NEW = "That is all the library has on this. Ask about something else, or ask a peer who may know."
NO_CALENDAR = "The library has no calendar of events, so I cannot say what is coming up."
ONLY_PICTURES = "I can only answer in words. Tell me what you would like to know, for example: “How do we get started?”"
WEAKER = "The reading model is not working, so this answer was found by its words alone and may be weaker than usual."
NO_ANSWER = "The library does not say."
NOT_DIRECTLY = "The library does not answer this directly."
CLOSEST = "Closest:"
NEAREST = "Nearest in the library"
# A reason that begins so says by itself that there is no answer.
_BY_ITSELF = "The library "


def answer_text(sentences: Sequence[Sentence], note: str | None = None) -> str:
    """Return plain Markdown: passages with the numbers of their citations, then what the answer leaves open.

    The sentence that answers is in bold.
    """
    text = markdown(
        placed(sentences),
        lambda one: f"**{one.sentence.text}**" if one.sentence.strong else one.sentence.text,
        lambda numbers: " " + "".join(f"[{n}]" for n in numbers),
        lambda title: title,
    )
    return "\n\n".join(filter(None, [text, note]))


def unanswered_parts(parts: Sequence[str]) -> str | None:
    """Return what to say of the parts of a question that the library does not support; `None` where there are none."""
    if not parts:
        return None
    return " ".join(f"The library does not say: “{part.rstrip('?')}?”" for part in parts)


def written_note(model: str) -> str:
    """Return what stands below an answer in a language model's words."""
    return f"Written by a language model ({model}). Each sentence was checked against the passage it cites."


_NEAREST_ABOUT = " The nearest is about "


def without_nearest(reason: str) -> str:
    """Return why there is no answer, without whom the nearest passage is about."""
    return reason.partition(_NEAREST_ABOUT)[0]


def refusal_reason(missing: Missing | None, names: tuple[str, ...], about: str | None) -> str:
    """Return why there is no answer, in words that are never false; `about` is whom the nearest passage is about."""
    if missing is Missing.NAME and names:
        nearest = f"{_NEAREST_ABOUT}{about}." if about else ""
        return f"The library has nothing on this for {_listed(names)}.{nearest}"
    if missing is Missing.KIND:
        return "The library touches on this, but does not give the figure, date or name you ask for."
    if missing is Missing.ANSWER:
        return NOT_DIRECTLY
    return "Nothing in the library is close enough to this question."


def refusal_text(reason: str, nearest: Sequence[NearDocument]) -> str:
    """Return what a member reads when there is no answer: why, what is nearest, and what to do next."""
    text = f"{NO_ANSWER} {reason}"
    if nearest:
        text += f"\n\n{NEAREST}: " + "; ".join(_near(near) for near in nearest) + "."
    return f"{text}\n\n{NEXT_STEP}"


def closest_text(reason: str, sentences: Sequence[Sentence]) -> str:
    """Return what a member reads when a passage comes near without answering."""
    opening = NOT_DIRECTLY if reason == NOT_DIRECTLY else f"{NOT_DIRECTLY} {reason}"
    return f"{opening} {CLOSEST}\n\n{answer_text(sentences)}"


def _near(near: NearDocument) -> str:
    return f"{near.title} (“{near.quote}”)" if near.quote else near.title


def _listed(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def withdrawn_reason() -> str:
    """Return why an answer that was given once is not shown again."""
    return "What it was quoted from is no longer in the library. Ask again to see what the library says now."


class Refusal(NamedTuple):
    """A refusal's first line: what stands out in it, and what follows, which may be empty."""

    said: str
    why: str


def refusal(answer: Answer) -> Refusal:
    """Return the first line of a refusal, which does not say twice that the library does not answer."""
    reason = answer.reason or ""
    if answer.closest:
        missing = reason if answer.missing else None
        return Refusal(" ".join(filter(None, [NOT_DIRECTLY, missing, CLOSEST])), "")
    return Refusal(reason, "") if reason.startswith(_BY_ITSELF) else Refusal(NO_ANSWER, reason)
