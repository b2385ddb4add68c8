"""The rules of meeting people as members are told them, over dictionaries: what random histories are held against."""

from datetime import timedelta

ANSWER_DAYS, REQUEST_DAYS, AGAIN_DAYS, LIMIT = 14, 30, 90, 3


class Rules:
    """Expects `people`, `blocks`, `asks`, `routes` and `clock`; see `tests.knowledge.matching.test_histories`."""

    def apart(self, one, other):
        return (one, other) in self.blocks or (other, one) in self.blocks

    def there(self, who):
        person = self.people.get(who)
        return person is not None and person["findable"] and not person["paused"]

    def may_find(self, viewer, who):
        return viewer != who and self.there(who) and not self.apart(viewer, who)

    def shows_up(self, asker, who):
        return not self.people[asker]["paused"] and not self.apart(who, asker)

    def requests(self, who):
        since = self.clock.now - timedelta(days=REQUEST_DAYS)
        asked = [ask for ask in self.asks if ask["other"] == who and ask["at"] >= since]
        return len(asked) + len([route for route in self.routes if route[1] == who and route[0] >= since])

    def open(self, ask):
        return ask["state"] == "asked" and ask["at"] >= self.clock.now - timedelta(days=ANSWER_DAYS)

    def between(self, one, other):
        return [ask for ask in self.asks if {ask["seeker"], ask["other"]} == {one, other}]

    def answerable(self, who, asker):
        """The open request of `asker` that `who` may answer."""
        if asker not in self.people or self.people[asker]["paused"] or self.apart(who, asker):
            return None
        found = [ask for ask in self.asks if (ask["seeker"], ask["other"]) == (asker, who) and self.open(ask)]
        return found[-1] if found else None

    def agreed(self, ask):
        """They are introduced, and whatever else they asked of each other is over."""
        ask["state"] = "accepted"
        over = [one for one in self.between(ask["seeker"], ask["other"]) if one is not ask]
        self.asks = [one for one in self.asks if one not in over]

    def may_show(self, viewer, other):
        if self.may_find(viewer, other):
            return True
        if other not in self.people or self.people[other]["paused"] or self.apart(viewer, other):
            return False
        # Who asked a member, or passed a question on to them by name, showed themselves to that member.
        asked = any((ask["seeker"], ask["other"]) == (other, viewer) for ask in self.asks)
        return asked or any(route[1:] == (viewer, other) for route in self.routes)

    def met(self, viewer, other):
        """Who agreed to meet is named to the other when it is told, findable or not; not while paused or apart."""
        agreed = any(ask["state"] == "accepted" for ask in self.between(viewer, other))
        return agreed and self.shows_up(other, viewer)
