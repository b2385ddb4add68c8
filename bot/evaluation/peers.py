"""`haln eval peers`: quality of matching on judged members, in a library made for it and thrown away."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.evaluation.metrics import mean, ndcg, percentile
from bot.evaluation.retrieval import Rankings
from knowledge.domain.members import Match
from knowledge.errors import HalnError, SourceError
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.retrieval.embedder import Embedder
from knowledge.settings import Settings, Switch

_CUTOFF = 5
_ANSWERS_THE_NEED = 3
_FACETS = ("sector", "nation", "region", "level", "stage")


class MatchingSet(NamedTuple):
    """Members as JSON objects by id, and the judgements of seekers (seeker to member to grade, 0 to 3)."""

    members: dict[str, dict[str, Any]]
    judgements: dict[str, dict[str, int]]


def read_matching_set(folder: Path) -> MatchingSet:
    """Read members.jsonl and judgments.tsv.

    Raises:
        SourceError: A file is missing or not in the layout.
    """
    try:
        lines = (folder / "members.jsonl").read_text(encoding="utf-8").splitlines()
        members = {str(member["id"]): member for member in map(json.loads, filter(str.strip, lines))}
        judgements: dict[str, dict[str, int]] = {}
        for line in (folder / "judgments.tsv").read_text(encoding="utf-8").splitlines():
            if line.strip():
                seeker, member, grade = line.split("\t")
                judgements.setdefault(seeker, {})[member] = int(grade)
    except FileNotFoundError as error:
        raise SourceError(
            f"{error.filename} does not exist. A matching set is a folder with members.jsonl and judgments.tsv."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{folder} is not a matching set ({type(error).__name__}: {error}).") from None
    if unknown := [seeker for seeker in judgements if seeker not in members]:
        raise SourceError(f"{folder}: judgments.tsv has the seeker {unknown[0]}, who is not in members.jsonl.")
    return MatchingSet(members, judgements)


def evaluate_peers(
    matching_set: MatchingSet, settings: Settings, embedder: Embedder
) -> tuple[dict[str, object], Rankings]:
    """Return the figures of the contract and the rankings of all seekers (id to (member id, score), best first).

    Everybody counts as findable. Gain is 2^grade - 1. A later registration of a person is left out of the ranking and
    its judgements; the baselines know nothing of that and rank everybody.
    """
    members, judgements = matching_set
    with tempfile.TemporaryDirectory(prefix="haln-eval-") as folder:
        own = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": None, "starter_library": Switch.OFF}
        )
        library = Library.open(own, lambda _: embedder)
        try:
            peers = Peers(library)
            _fill(peers, members)
            kept = set(peers.people())
            found = {seeker: peers.match(seeker, k=len(members)) for seeker in judgements}
        finally:
            library.close()
    rankings = {seeker: [(match.member_id, match.score) for match in found[seeker].matches] for seeker in judgements}
    ranked = {seeker: [member for member, _ in ranking if member in kept] for seeker, ranking in rankings.items()}
    judged = {
        seeker: {member: grade for member, grade in grades.items() if member in kept}
        for seeker, grades in judgements.items()
    }
    times = [matches.timings_ms["match"] for matches in found.values()]
    figures: dict[str, object] = {
        "members": len(members),
        "seekers": len(judgements),
        "ndcg@5": _ndcg(ranked, judged),
        "precision@1": round(mean([float(_answered(ranked[one], judged[one])) for one in judged]), 4),
        **_fits({seeker: found[seeker].matches for seeker in judgements}, judged),
        "baseline_facets_ndcg@5": _ndcg(_facets(members, judgements), judgements),
        "baseline_dense_ndcg@5": _ndcg(_dense(members, judgements, embedder), judgements),
        "registered_twice": sorted(set(members) - kept),
        "match_ms": {"p50": round(percentile(times, 0.5), 2), "p95": round(percentile(times, 0.95), 2)},
    }
    return figures, rankings


def _fill(peers: Peers, members: Mapping[str, dict[str, Any]]) -> None:
    try:
        peers.save_all({**member, "findable": True, "consent": True} for member in members.values())
    except HalnError as error:
        raise SourceError(f"members.jsonl has a member that cannot be stored: {error}") from None


def _ndcg(ranked: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, int]]) -> float:
    gains = {
        seeker: {member: 2**grade - 1 for member, grade in grades.items()} for seeker, grades in judgements.items()
    }
    return round(mean([ndcg(ranked[seeker], gains[seeker], _CUTOFF) for seeker in judgements]), 4)


def _answered(ranking: Sequence[str], grades: Mapping[str, int]) -> bool:
    return bool(ranking) and grades.get(ranking[0], 0) == _ANSWERS_THE_NEED


def _fits(found: Mapping[str, Sequence[Match]], judged: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return which share of seekers with an answer is told that somebody fits; of all, which would be without them."""
    right = {
        seeker: {one for one, grade in grades.items() if grade == _ANSWERS_THE_NEED}
        for seeker, grades in judged.items()
    }
    fitting = {seeker: {match.member_id for match in matches if match.fits} for seeker, matches in found.items()}
    answered = [seeker for seeker in judged if right[seeker]]
    return {
        "fits_kept": round(mean([float(bool(fitting[seeker])) for seeker in answered]), 4),
        "fits_false": round(mean([float(bool(fitting[seeker] - right[seeker])) for seeker in judged]), 4),
    }


def _facets(members: Mapping[str, dict[str, Any]], seekers: Mapping[str, object]) -> dict[str, list[str]]:
    """Return those first who share most facets: pillars, sector, nation, region, level, stage."""

    def shared(one: dict[str, Any], other: dict[str, Any]) -> int:
        pillars = set(one.get("pillars") or ()) & set(other.get("pillars") or ())
        return len(pillars) + sum(1 for key in _FACETS if one.get(key) and one[key] == other.get(key))

    return {
        seeker: sorted(
            (member for member in members if member != seeker),
            key=lambda member: (-shared(members[seeker], members[member]), member),
        )
        for seeker in seekers
    }


def _dense(
    members: Mapping[str, dict[str, Any]], seekers: Mapping[str, object], embedder: Embedder
) -> dict[str, list[str]]:
    """Return those first whose work and offer are nearest, by cosine, to what the seeker looks for."""
    ids = list(members)
    offers = [f"{one.get('working_on') or ''} {one.get('can_offer') or ''}".strip() or " " for one in members.values()]
    needs = [members[seeker].get("looking_for") or " " for seeker in seekers]
    cosines = embedder.embed_queries(needs) @ embedder.embed_documents(offers).T
    return {
        seeker: [ids[place] for place in np.argsort(-row, kind="stable") if ids[place] != seeker]
        for seeker, row in zip(seekers, cosines, strict=True)
    }
