"""What was told between members may become a shared example: a draft of its author's, where they may share."""

from knowledge.domain.examples import Actor, Content, Role
from knowledge.errors import ExampleError
from knowledge.examples.examples import Examples


def drafted(examples: Examples, author: str, content: Content, *, origin: str, request: str) -> str | None:
    """The id of a draft, the same for the same request; `None` where its author may not share examples (now).

    Within a transaction that notes something else, too: that is kept whether there is a draft or not.
    """
    actor = Actor(author, Role.MEMBER)
    try:
        # First, since a transaction within another can not be taken back by itself.
        examples.require_sharing(actor)
        return examples.draft(actor, content, origin=origin, request_id=request).id
    except ExampleError:
        return None
