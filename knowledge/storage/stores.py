"""All the stores of one database, as the rest of the house gets them."""

from typing import NamedTuple

from knowledge.servers.storage.protocols import Servers
from knowledge.storage.example_protocols import ExampleStore
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.member_protocols import MemberStore
from knowledge.storage.outbox_protocols import OutboxStore
from knowledge.storage.question_protocols import QuestionStore
from knowledge.storage.spending_protocols import SpendingStore


class Stores(NamedTuple):
    """What is kept, by what it is about. All are of one database; closing the library closes it."""

    library: LibraryStore
    questions: QuestionStore
    spending: SpendingStore
    servers: Servers
    examples: ExampleStore
    outbox: OutboxStore
    members: MemberStore
