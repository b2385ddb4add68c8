"""Finds people's names in a text: by titles, given and family names, and what stands around them.

A language model's guesses (`Guess`) are one sign among others. Places, trusts, firms and what is called after somebody
(a Macmillan nurse, the John Lewis store) are told apart by a gazetteer and by the words beside them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from knowledge.privacy.name_context import AFTER, BEFORE, STRONG_BEFORE, SURE_BEFORE, beside, opens_sentence
from knowledge.privacy.name_lists import NameLists, plain
from knowledge.privacy.name_tokens import (
    LONGEST_NAME,
    OPEN_A_PLACE,
    PARTICLES,
    TITLES,
    WEAK_TITLES,
    Token,
    bare,
    following,
    is_initial,
    runs,
    without_possessive,
    words_of,
)

# Returns the places `text[start:end]` at which a model takes something for a person's name.
Guess = Callable[[str], Iterable[tuple[int, int]]]
# How given names begin that are made anew for each child.
_GIVEN = re.compile(r"(?:oluwa|chukwu|abdul|abdi|moham|muham)[a-z]{2}")
# How family names end that no list has all of; so do places, which only a model tells apart.
_SURNAME = re.compile(
    r"(?:worth|worthy|bottom|thwaite|ton|ham|ley|leigh|son|sen|sson|field|wood|ford|well|shaw|croft|dale|man|stone|burn|"
    r"by|bridge|brook|gate|house|smith|wright|sk[iy]|ska|icz|escu|[oi]vi?[cć]h?|enko|chuk|oglu|yan|ian|"
    r"ez|idis|akis|opoulos|eira|ardo|ini|elli|etti)$|^(?:mc|mac|o'|fitz|ap-|al-|el-)"
)
_LONGEST_NAMESAKE = 5  # words
_LIST = re.compile(r"\s*(?:,|,?\s+and|,?\s+or)\s+")


class PersonNames:
    """Finds names of people. The lists are read when it is made (a tenth of a second)."""

    def __init__(self, guess: Guess | None = None) -> None:
        self._lists = NameLists.read()
        self._guess = guess

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return the places `text[start:end]` that name a person, in order."""
        guessed = list(self._guess(text)) if self._guess else []
        tokens = words_of(text)
        found = list(self._titled(text, tokens))
        for run in runs(text, tokens):
            if not any(start < run[-1].end and run[0].start < end for start, end in found):
                found += self._of_run(text, run, guessed)
        found += self._beside_names(text, tokens, found)
        found += self._small(text, tokens)
        return sorted({*found, *self._again(text, tokens, found)})

    # -- names with a title

    def _titled(self, text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        for index, token in enumerate(tokens):
            if token.key not in TITLES or not token.capital:
                continue
            run = following(text, tokens, index)[:LONGEST_NAME]
            if len(run) < 2:
                continue
            names = [one for one in run[1:] if len(one.text) > 1 and one.key not in TITLES | PARTICLES]
            if not names and len(run) == 2 and is_initial(run[1]):  # Mrs T
                yield run[0].start, run[1].end
            if not names or self._is_named_thing(text, run) or self._is_place(names):
                continue
            if token.key in WEAK_TITLES and not any(self._is_name(one.key) for one in names):
                continue
            yield run[0].start, without_possessive(run[-1])

    # -- runs of words with capitals

    def _of_run(self, text: str, run: list[Token], guessed: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        if run[0].key in OPEN_A_PLACE:
            return
        run = self._from_name(text, run, guessed)
        before, after = beside(text, run)
        model = any(start < run[-1].end and run[0].start < end for start, end in guessed)
        if self._is_named_thing(text, run) or self._is_among_places(run, before, after, model=model):
            return
        first, rest = run[0], run[1:]
        named = self._is_given(first.key)
        likely = bool(BEFORE.search(before)) or bool(AFTER.match(after))
        if rest:
            surname = any(self._is_family(one.key) or is_initial(one) for one in rest)
            surname = surname or (model and _SURNAME.search(rest[-1].key) is not None)
            plain_words = self._lists.words.issuperset(bare(one.key) for one in rest)
            if self._is_place([first]):  # Keith is one, and a name
                known = surname or first.key in self._lists.common
                sure = (model or (named and likely)) and known and not plain_words
            elif len(first.text) == 1:  # initials
                sure = text[first.end] == "." and (surname or likely or model)
            elif named:
                common = first.key in self._lists.words
                sure = not common or surname or likely or model
            else:
                sure = model and (surname or likely) and not plain_words
            if sure:
                yield first.start, without_possessive(run[-1])
        elif self._alone(first, before, after, model):
            yield first.start, without_possessive(first)

    def _alone(self, token: Token, before: str, after: str, model: bool) -> bool:
        """Return whether one word by itself is somebody's name."""
        key = bare(token.key)
        if any(part[:1].islower() for part in token.text.split("-")):  # London-wide
            return False
        strong = bool(STRONG_BEFORE.search(before)) or bool(AFTER.match(after))
        likely = strong or bool(BEFORE.search(before))
        if key in self._lists.words or len(key) < 3:
            known = key in self._lists.common and likely and not opens_sentence(before, len(before))
            return known or (model and strong and self._is_given(key))
        # Short ones that few have are too often something else.
        given = self._is_given(key) and (len(key) > 3 or key in self._lists.common or model or likely)
        return given or (model and strong) or bool(SURE_BEFORE.search(before))

    def _from_name(self, text: str, run: list[Token], guessed: Sequence[tuple[int, int]]) -> list[Token]:
        """Return a run from where the name begins: "Patient Ranjit Gill" is Ranjit Gill."""
        for index, token in enumerate(run):
            opens = index == 0 and opens_sentence(text, token.start)
            begins = any(start == token.start for start, _ in guessed)
            follows = self._is_given(run[1].key) or run[1].key in PARTICLES if len(run) > 2 else True
            word = opens and token.key in self._lists.words and not follows
            if self._is_given(token.key) and not word:
                return run[index:]
            if begins or not opens:
                return run[index:]
        return run

    # -- what is no person

    def _is_named_thing(self, text: str, run: Sequence[Token]) -> bool:
        """Return whether a run is, or is a part of, what an organisation, a building or a scheme is called."""
        lists = self._lists
        keys = [bare(token.key) for token in run]
        if any(key in lists.organisation_words for key in keys[1:]):
            return True
        whole = [token.key for token in run]
        for begin in range(len(run)):
            for end in range(begin + 1, min(begin + _LONGEST_NAMESAKE, len(run)) + 1):
                part = " ".join(whole[begin:end])
                name = part in lists.namesakes or bare(part) in lists.namesakes
                if name and (end - begin > 1 or len(run) == 1):
                    return True
        titled = run[0].key in TITLES
        before, after = beside(text, run)
        before = before.rstrip()
        if re.search(r"\bthe$", before, re.IGNORECASE) and not titled:
            return True
        if re.search(r"&$", before) or re.match(r"\s*&", after):
            return True
        following = re.match(r"(?:['’]s?)?\s+([^\W\d_]+(?:-[^\W\d_]+)*)", after)
        if following is None:
            return False
        word = plain(following[1])
        if following[1][0].isupper():
            return word in lists.organisation_words
        possessive = run[-1].text.endswith(("'s", "’s")) or after.startswith(("'", "’"))
        return not possessive and word in lists.named_things

    def _is_among_places(self, run: Sequence[Token], before: str, after: str, *, model: bool) -> bool:
        """Return whether a run is a place, or one word in a list with places: "Bristol, Bath and Weston"."""
        if len(run) > 1:
            return self._is_place(run)
        key = bare(run[0].key)
        lists = self._lists
        known = lists.places | lists.namesakes
        if key in lists.places:
            return not (model and key in lists.common and AFTER.match(after))
        left = re.search(r"([^\W\d_][\w'’-]*)(\s+|,\s+|,?\s+(?:and|or)\s+)$", before)
        right = re.match(r"(?:,\s+|,?\s+(?:and|or)\s+)([A-Z][\w'’-]*)", after)
        beside_it = [plain(left[1])] if left and left[2].strip() else []
        beside_it += [plain(right[1])] if right else []
        joined = f"{plain(left[1])} {key}" if left and not left[2].strip() else ""
        return joined in known or any(word in lists.places and word not in lists.common for word in beside_it)

    def _is_place(self, run: Sequence[Token]) -> bool:
        whole = " ".join(bare(token.key) for token in run)
        return whole in self._lists.places or all(bare(token.key) in self._lists.places for token in run)

    # -- names beside others, in small letters, and again

    def _beside_names(
        self, text: str, tokens: Sequence[Token], found: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[int, int]]:
        """Yield single words that stand in a list with given names: "Mehwish, Anita and Paulette"."""
        alone = {place for place in found if " " not in text[place[0] : place[1]]}
        capitals = list(runs(text, tokens))
        # Forwards, then backwards: each name that is found may have another one beside it.
        for ordered in (capitals, capitals[::-1]):
            for one, two in pairwise(ordered):
                if len(one) > 1 or len(two) > 1:
                    continue
                known, new = one[0], two[0]
                left, right = sorted((known, new))
                if (known.start, known.end) not in alone or not _LIST.fullmatch(text[left.end : right.start]):
                    continue
                if len(new.text) < 3 or self._is_place(two) or self._is_named_thing(text, two):
                    continue
                strange = new.key in self._lists.words or opens_sentence(text, new.start)
                if strange and new.key not in self._lists.common:
                    continue
                if (new.start, new.end) not in alone:
                    alone.add((new.start, new.end))
                    yield new.start, new.end

    def _small(self, text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Yield given names with a family name after them, both in small letters, or both in capitals."""
        for one, two in pairwise(tokens):
            small = one.text.islower() and two.text.islower()
            if not (small or (one.text.isupper() and two.text.isupper())) or text[one.end : two.start] != " ":
                continue
            if any(key in self._lists.words or len(key) < 3 for key in (one.key, two.key)):
                continue
            if not self._is_given(one.key) or one.key in self._lists.places:
                continue
            shouted = one.text.isupper() and one.key in self._lists.common
            if shouted or self._is_family(two.key) or STRONG_BEFORE.search(beside(text, [one])[0]):
                yield one.start, two.end

    def _again(self, text: str, tokens: Sequence[Token], found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield single words that are a part of a name that the text has in full."""
        known = {
            token.key
            for token in tokens
            for start, end in found
            if start <= token.start and token.end <= end and token.capital and len(token.text) > 2
        }
        known -= {*self._lists.places, *TITLES, *PARTICLES}
        for token in tokens:
            inside = any(start <= token.start and token.start < end for start, end in found)
            if inside or not token.capital or bare(token.key) not in known:
                continue
            word = token.key in self._lists.words and (beside(text, [token])[0].rstrip() or ".")[-1] in ".!?"
            if not word and not self._is_named_thing(text, [token]):
                yield token.start, without_possessive(token)

    def _is_given(self, key: str) -> bool:
        key = bare(key)
        first = key.partition("-")[0]
        return key in self._lists.given or first in self._lists.given or _GIVEN.match(key) is not None

    def _is_family(self, key: str) -> bool:
        key = bare(key)
        scots = key.startswith(("mc", "o'")) and len(key) > 4
        return scots or any(part in self._lists.family for part in (key, *key.split("-")))

    def _is_name(self, key: str) -> bool:
        return self._is_given(key) or self._is_family(key)
