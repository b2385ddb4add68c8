"""Messages between two members who were introduced, passed on by the assistant: neither learns the other's address."""

from knowledge.domain.outbox import Message
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.introductions import Introductions, counterpart
from knowledge.matching.visibility import required, taking_part

LETTER = "peers.letter"
_LONGEST = 2000
_MOST_WAITING = 5


class Letters(Introductions):
    """Passes on what members who agreed to meet write to each other. It is kept only until it has arrived."""

    def write(self, member_id: str, introduction_id: str, text: str) -> None:
        """Send a text to the other of an introduction that both agreed to, by whatever way reaches them.

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
            outbox.add(Message(recipient=other, kind=LETTER, data=data), now)
