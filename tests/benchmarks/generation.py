"""What a language model makes of the answers: `python -m tests.benchmarks.generation BASE_URL MODEL`.

Questions of the `test` part are asked over their libraries, and each answer is put into words. Every sentence that was
kept goes with the passages it cites into a file: whether they say it is for a person to read. The model's replies are
kept beside it, so that other checks can be measured on the same replies without the model.
"""

import argparse
import json
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.evaluation.questions import EvalQuestion, plain, read_questions
from knowledge.answering.generation.checks import CheckedSentence, SentenceChecker
from knowledge.answering.generation.client import ChatClient
from knowledge.answering.generation.limits import Breaker, Budget
from knowledge.answering.generation.prompt import described
from knowledge.answering.generation.writer import Writer
from knowledge.assistant import Assistant
from knowledge.domain.library import Answer
from knowledge.language.names import find_names, supports
from knowledge.language.numbers import figures
from knowledge.language.words import content_stems
from knowledge.library import Library
from tests.conftest import ROOT
from tests.quality.libraries import SETS, open_library

_SECONDS = 600
_DAILY_TOKENS = 10_000_000
# The share of a sentence's words that has to be in its quotes for the stricter rules.
_STRICT_WORDS = 0.75


class KeptReplies:
    """A client that asks the server only what it has not asked it before."""

    def __init__(self, client: ChatClient, path: Path, *, plain_text: bool) -> None:
        self._client, self._path, self._plain = client, path, plain_text
        self._known = json.loads(path.read_text()) if path.exists() else {}
        self.seconds = []

    def complete(self, messages, reply, response_format=None):
        key = json.dumps([list(messages), None if self._plain else response_format])
        if key not in self._known:
            started = time.perf_counter()
            self._client.complete(messages, reply, None if self._plain else response_format)
            self.seconds.append(time.perf_counter() - started)
            self._known[key] = [reply.text, reply.tokens, reply.whole, reply.full]
            self._path.write_text(json.dumps(self._known))
        reply.text, reply.tokens, reply.whole, reply.full = self._known[key]


class NotedChecks:
    """Checks sentences, and notes what was written and what was kept."""

    ready = True

    def __init__(self, library: Library) -> None:
        self._checker = SentenceChecker(library.reader, library.embedder)
        self.drafts, self.checked_sentences = [], []

    def checked(self, drafts, chunks):
        self.drafts = list(drafts)
        self.checked_sentences = self._checker.checked(drafts, chunks)
        return self.checked_sentences


class Figures:
    """What is counted over all questions."""

    def __init__(self) -> None:
        self.asked = self.refused = self.written = self.fallen_back = self.not_asked = 0
        self.drafts = self.cited = self.kept = self.strict = 0
        self.facts_of_words = self.facts_of_quotes = self.with_facts = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url", metavar="BASE_URL")
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--limit", type=int, default=40, help="how many questions, spread evenly over the sets")
    parser.add_argument("--plain", action="store_true", help="do not ask the server for the JSON form")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".bench", help="where libraries, replies and sentences go"
    )
    options = parser.parse_args()
    logging.getLogger("knowledge").setLevel(logging.ERROR)
    options.folder.mkdir(exist_ok=True)
    name = f"{options.model.replace('/', '-')}{'-plain' if options.plain else ''}"
    client = ChatClient(options.base_url, options.model, None, _SECONDS)
    replies = KeptReplies(client, options.folder / f"replies-{name}.json", plain_text=options.plain)
    counted = Figures()
    to_read = options.folder / f"sentences-{name}.txt"
    with to_read.open("w", encoding="utf-8") as file:
        for question_set, questions in chosen(options.limit):
            library = open_library(question_set.documents, options.folder / question_set.name)
            assistant = Assistant(library, log_questions=False)
            for question in questions:
                _ask(assistant, library, replies, options.model, question, counted, file)
                print(".", end="", flush=True)
            library.close()
    print()
    _show(counted, replies.seconds)
    print(f"the sentences kept, with what they cite: {to_read}")


def chosen(limit: int):
    """The sets with the questions that are asked, spread evenly over the test parts of all of them."""
    both = [(one, question) for one in SETS for question in read_questions(one.questions, "test")]
    step = max(1.0, len(both) / limit)
    picked = [both[int(place * step)] for place in range(min(limit, len(both)))]
    return [(one, [question for of, question in picked if of.name == one.name]) for one in SETS]


def _ask(assistant, library: Library, replies, model: str, question: EvalQuestion, counted: Figures, file) -> None:
    answer = assistant.ask(question.question)
    counted.asked += 1
    if not answer.answered:
        counted.refused += 1
        return
    checks = NotedChecks(library)
    budget = Budget(library.spending, _DAILY_TOKENS, lambda: datetime.now(UTC).date())
    writer = Writer(model, replies, checks, budget, Breaker(time.monotonic))
    admitted = [int(chunk_id) for chunk_id in answer.admitted]
    chunks = library.store.chunks(admitted)
    better = writer.write(question.question, [chunks[chunk_id] for chunk_id in admitted], answer)
    counted.not_asked += not checks.drafts
    counted.written += better is not None
    counted.fallen_back += better is None
    counted.drafts += len(checks.drafts)
    counted.cited += sum(bool(draft.numbers) for draft in checks.drafts)
    kept = {sentence.text for sentence in better.sentences} if better else set()
    kept_sentences = [one for one in checks.checked_sentences if one.text in kept]
    counted.kept += len(kept)
    counted.strict += sum(_strictly_supported(one) for one in kept_sentences)
    if better and question.answer_must_include:
        counted.with_facts += 1
        counted.facts_of_words += _has_facts(question, better)
        counted.facts_of_quotes += _has_facts(question, answer)
    _note(question, checks, kept, file)


def _has_facts(question: EvalQuestion, answer: Answer) -> bool:
    said = plain(" ".join(sentence.text for sentence in answer.sentences))
    return all(any(plain(form) in said for form in key.split("|")) for key in question.answer_must_include)


def _strictly_supported(sentence: CheckedSentence) -> bool:
    """Whether nearly all words, and each figure and name, are in the quotes or above them: no model judges that."""
    quotes = " ".join(f"{described(one.chunk)} {one.quote}" for one in sentence.support)
    said = content_stems(sentence.text)
    return (
        figures(sentence.text) <= figures(quotes)
        and all(supports(quotes, name) for name in find_names(sentence.text))
        and len(said & content_stems(quotes)) >= _STRICT_WORDS * len(said)
    )


def _note(question: EvalQuestion, checks: NotedChecks, kept: set[str], file) -> None:
    file.write(
        f"\n=== {question.id}{'' if question.answerable else ' (no answer in the library)'}: {question.question}\n"
    )
    quoted = {one.text: one.support for one in checks.checked_sentences}
    for draft in checks.drafts:
        file.write(f"{'KEPT   ' if draft.text in kept else 'dropped'} {draft.text} {list(draft.numbers)}\n")
        for chunk, quote in quoted.get(draft.text, ()) if draft.text in kept else ():
            file.write(f"          says: {quote}\n")
            file.write(f"          in: {chunk.metadata.title} | {chunk.text!r}\n")


def _show(counted: Figures, seconds: Sequence[float]) -> None:
    rows = [
        ("questions", counted.asked),
        ("refused before a model was asked", counted.refused),
        ("answers in its words", counted.written),
        ("answers that stayed quotes", counted.fallen_back),
        ("... without its having written anything", counted.not_asked),
        ("sentences it wrote", counted.drafts),
        ("... that cite", counted.cited),
        ("sentences kept", counted.kept),
        ("... whose words are nearly all in the quotes", counted.strict),
        ("answers in its words that should have certain facts", counted.with_facts),
        ("... and have them all", counted.facts_of_words),
        ("... whose quotes have them all", counted.facts_of_quotes),
    ]
    if seconds:
        rows.append(("seconds for a reply, mean of those asked now", round(sum(seconds) / len(seconds), 1)))
    for name, value in rows:
        print(f"{name:54} {value}")


if __name__ == "__main__":
    main()
