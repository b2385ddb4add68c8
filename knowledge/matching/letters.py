"""Messages between two members who were introduced, passed on by the assistant: neither learns the other's address."""

import hashlib

from knowledge.domain.outbox import Message
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.introductions import Introductions, counterpart
from knowledge.matching.visibility import required, taking_part

LETTER = "peers.letter"
# To whoever wrote one that could not be delivered.
LETTER_LOST = "peers.letter_lost"
_LONGEST = 2000
_MOST_WAITING = 5


class Letters(Introductions):
    """Passes on what members who agreed to meet write to each other. It is kept only until it has arrived."""

    def write(self, member_id: str, introduction_id: str, text: str, once: str = "") -> None:
        """Send a text to the other of an introduction that both agreed to, by whatever way reaches them.

        `once` is of the form in which it was written: the same text from the same form is sent once.

        Raises:
            MemberError: They were not introduced, one of them is paused or has blocked the other, or too much of what
                this member wrote has not arrived yet.
            QuestionError: The text is empty or too long.
        """
        now, text = self._here(member_id), text.strip()
        if not text:
            raise QuestionError(wording.EMPTY)
        if len(text) > _LONGEST:
            raise QuestionError(wording.TOO_LONG.format(length=len(text), most=_LONGEST))
        with self._store.atomically():
            taking_part(required(self._store, member_id))
            other, outbox = counterpart(self._agreed(member_id, introduction_id), member_id), self.library.outbox
            waiting = [
                one
                for one in outbox.waiting_for(other)
                if one.kind == LETTER and one.data["introduction_id"] == introduction_id
            ]
            if len(waiting) >= _MOST_WAITING:
                raise MemberError(wording.TOO_MANY_MESSAGES.format(most=_MOST_WAITING))
            data = {"introduction_id": introduction_id, "text": text}
            # Of the text, too: a browser that goes back shows the same form for the next message.
            form = "\n".join((introduction_id, once, text))
            key = f"{LETTER}:{hashlib.sha256(form.encode()).hexdigest()[:32]}" if once else None
            outbox.add(Message(key=key, recipient=other, kind=LETTER, data=data), now)

    def letter_lost(self, message: Message) -> None:
        """Tell whoever wrote a message that it could not be delivered, and is kept no longer. Within a transaction.

        Once for all that are lost together, and not after a block.
        """
        introduction_id, outbox = str(message.data["introduction_id"]), self.library.outbox
        introduction = self._store.introduction(introduction_id)
        if introduction is None:
            return
        writer = counterpart(introduction, message.recipient)
        told = any(
            one.kind == LETTER_LOST and one.data == _about(introduction_id) for one in outbox.waiting_for(writer)
        )
        if not told and message.recipient not in self._store.kept_apart(writer):
            outbox.add(Message(recipient=writer, kind=LETTER_LOST, data=_about(introduction_id)), self._clock())


def _about(introduction_id: str) -> dict[str, str]:
    return {"introduction_id": introduction_id}
