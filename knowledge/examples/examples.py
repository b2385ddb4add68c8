"""The front door to shared examples: faces call `Examples` and nothing deeper."""

from knowledge.examples.corrections import Corrections
from knowledge.examples.maintenance import Maintenance
from knowledge.examples.review import Reviews


class Examples(Corrections, Reviews, Maintenance):
    """The front door to shared examples over one library: giving, review, publishing, correction. For several threads.

    `Examples(library, publish)`: `publish` brings an approved example's document into the library (see
    `indexer.pipeline.publisher`); without it approved examples wait for a process that has one. Whoever acts is
    an `Actor`, an id with a role that the face knows; what they may do is decided in `knowledge.examples.permissions`.
    """
