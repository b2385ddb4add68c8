"""Puts the cosines of any embedding model on one scale: that of the model which all thresholds were fitted with.

Two texts that have nothing to do with one another have a cosine of 0.1 by one model and of 0.55 by another. A model's
scale is a straight line, fitted on pairs of short texts with reference cosines (`similarity_fit.py`). The scales of the
bundled models come along (similarity.json). Another model's is fitted when a library is first built with it, in a few
seconds, and kept in the data folder.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from knowledge.errors import ModelError, SettingsError, StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.retrieval.embedder import Embedder
    from knowledge.storage.arrays import Vectors


# By the bundled models it is 0.02 and more; by one that gives all texts the same vector it is 0, but for rounding.
_LEAST_COVARIANCE = 1e-6
_log = logging.getLogger(__name__)
_FILE = "similarity.json"
# What a mean of many unlike texts has left of its length at least.
_SHORTEST = 1e-6

Similarity = TypeVar("Similarity", "float", "Vectors")


class Pair(BaseModel):
    """Two short texts and their reference cosine. `asked`: the first is embedded as a query, else as a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one: str
    other: str
    asked: bool
    related: bool
    cosine: float


@functools.cache
def packaged_pairs() -> tuple[Pair, ...]:
    """Return the pairs that come along."""
    lines = (files("knowledge.calibration") / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Pair.model_validate_json(line) for line in lines)


def pair_cosines(pairs: Sequence[Pair], embedder: Embedder) -> Vectors:
    """Return an embedder's cosines of pairs, shape (len(pairs),)."""
    ones = np.empty((len(pairs), embedder.dimension), dtype=np.float32)
    for asked, embed in ((True, embedder.embed_queries), (False, embedder.embed_documents)):
        places = [place for place, pair in enumerate(pairs) if pair.asked is asked]
        if places:
            ones[places] = embed([pairs[place].one for place in places])
    others = embedder.embed_documents([pair.other for pair in pairs])
    cosines: Vectors = np.einsum("nd,nd->n", ones, others)
    return cosines


def fit_line(embedder: Embedder) -> tuple[float, float]:
    """Return intercept and slope of an embedder's scale, by least squares. Embeds some 400 short texts.

    Raises:
        ModelError: The embedder's cosines do not grow with how alike texts are.
    """
    pairs = packaged_pairs()
    reference = np.array([pair.cosine for pair in pairs])
    cosines = pair_cosines(pairs, embedder).astype(np.float64)
    covariance = float(np.mean((cosines - cosines.mean()) * (reference - reference.mean())))
    if not covariance > _LEAST_COVARIANCE:
        raise ModelError(
            f"The model {embedder.name} does not tell related texts from others. Check HALN_EMBEDDING_MODEL."
        )
    slope = covariance / float(cosines.var())
    return round(float(reference.mean()) - slope * float(cosines.mean()), 4), round(slope, 4)


class SimilarityScale(BaseModel):
    """A straight line from a model's cosines to the cosines that thresholds are stated in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    slope: float

    def comparable(self, cosine: Similarity) -> Similarity:
        """Return a cosine, or an array of them of any shape, on the scale of the thresholds."""
        return self.intercept + self.slope * cosine

    def comparable_means(self, mean: Vectors, others: Vectors) -> Vectors:
        """Return how alike a mean of vectors is to others, shape (n,), on the scale of the thresholds.

        `mean`, shape (dimension,), and `others`, shape (n, dimension), are means of unit vectors that were not made
        unit vectors again: what all texts have in common by a model would count for more, the more of them a mean is
        of. So their lengths, too, are taken on the scale of the thresholds.
        """
        lengths = self._lengths(mean[None]) * self._lengths(others)
        alike: Vectors = self.comparable(others @ mean) / lengths
        return alike

    def _lengths(self, means: Vectors) -> Vectors:
        squares: Vectors = np.einsum("nd,nd->n", means, means)
        # A single text's is 1 by any model, wherever the line ends.
        lengths: Vectors = np.sqrt(np.clip(self.comparable(squares), _SHORTEST, 1.0))
        return lengths


class ScaleFile(RootModel[dict[str, SimilarityScale]]):
    """Scales by the names of embedders, as a file holds them."""

    @classmethod
    @functools.cache
    def packaged(cls) -> ScaleFile:
        """Return the scales that come along."""
        return cls.model_validate_json((files("knowledge.calibration") / _FILE).read_text(encoding="utf-8"))


class SimilarityScales:
    """The scales of the embedders that one library is used with. Safe in threads."""

    def __init__(self, data_dir: Path) -> None:
        """Keep scales in this folder. Reads nothing yet."""
        self._path = data_dir / _FILE
        self._lock = threading.Lock()
        self._known: dict[str, SimilarityScale] = {}

    def of(self, embedder: Embedder) -> SimilarityScale:
        """Return an embedder's scale: packaged, kept, or fitted now and kept. Fitting takes seconds.

        Raises:
            SettingsError: The kept scales cannot be read.
            StorageError: The scale cannot be kept.
        """
        with self._lock:
            name = embedder.name
            if name not in self._known:
                self._known[name] = self._found(name) or self._fitted(name, embedder)
            return self._known[name]

    def keep(self, name: str, scale: SimilarityScale) -> None:
        """Keep the scale of the embedder of this name.

        Raises:
            SettingsError: The scales that are kept there cannot be read.
            StorageError: It cannot be written.
        """
        text = ScaleFile(self._kept() | {name: scale}).model_dump_json(indent=2) + "\n"
        # Whoever reads at this moment reads the old file or the new one.
        temporary = self._path.with_name(f"{_FILE}.{threading.get_native_id()}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise StorageError(
                f"{self._path} cannot be written ({error.strerror}). Make room, or make its folder writable."
            ) from None

    def _found(self, name: str) -> SimilarityScale | None:
        return ScaleFile.packaged().root.get(name) or self._kept().get(name)

    def _fitted(self, name: str, embedder: Embedder) -> SimilarityScale:
        intercept, slope = fit_line(embedder)
        scale = SimilarityScale(intercept=intercept, slope=slope)
        self.keep(name, scale)
        _log.info("fitted the scale of the similarities of %s: %g + %g * cosine", name, intercept, slope)
        return scale

    def _kept(self) -> dict[str, SimilarityScale]:
        try:
            return ScaleFile.model_validate_json(self._path.read_text(encoding="utf-8")).root
        except FileNotFoundError:
            return {}
        except OSError as error:
            reason = f"cannot be read ({error.strerror})"
        except (ValidationError, UnicodeDecodeError):
            reason = "is damaged"
        raise SettingsError(f"The scales {self._path} {reason}. Delete the file: it is made anew.")
