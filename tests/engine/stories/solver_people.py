"""What a reader concludes about people: where they are, where they were, what they carry and what they gave."""

from dataclasses import dataclass, field

Known = tuple[str, frozenset[int]]

DAY = ("yesterday", "this morning", "this afternoon", "this evening")
NUMBER = ("none", "one", "two", "three")


@dataclass
class People:
    """Follows people and things. Whatever it knows, it knows with the numbers of the lines that say so."""

    where: dict[str, Known] = field(default_factory=dict)
    """The room of each person, or "-room" where it is not, or "one|other" of which one is right."""
    spoken_of: tuple[str, ...] = ()
    spoken_in: frozenset[int] = frozenset()
    at: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    gifts: list[tuple[str, str, str, int]] = field(default_factory=list)
    carried: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[str, set[int]] = field(default_factory=dict)
    held_by: dict[str, tuple[str, int]] = field(default_factory=dict)
    lies_in: dict[str, Known] = field(default_factory=dict)
    ways: dict[str, list[Known]] = field(default_factory=dict)

    questions = frozenset({"where?", "where thing?", "thing before?", "before?", "in?", "who gave?", "who gave to?"}) | {
        "who received?", "given to?", "what given?", "how many?", "carrying?",
    }  # fmt: skip

    def hear(self, number: int, kind: str, words: tuple[str, ...]) -> bool:
        """Take in a statement; False if it is about something else."""
        match kind, words:
            case (("move" | "in"), (who, room)):
                self._moved(number, (who,), room)
            case "move two", (who, other, room):
                self._moved(number, (who, other), room)
            case "move he", (_, room):
                self._moved(number, self.spoken_of, room, self.spoken_in)
            case "move then", (day, who, room):
                self.at[who, DAY.index(day.lower())] = room, number
            case "moved when", (who, room, day):
                self.at[who, DAY.index(day)] = room, number
            case "not in", (who, room):
                self.where[who] = f"-{room}", frozenset({number})
            case "either", (who, one, other):
                self.where[who] = f"{one}|{other}", frozenset({number})
            case "get", (who, thing):
                self._touch(number, who)
                self._take(thing, who)
                self.held_by[thing] = who, number
                self._came(thing, who)
            case "drop", (who, thing):
                self._touch(number, who)
                self._dropped(number, who, thing)
            case "give", (who, thing, taker):
                self.gifts.append((who, thing, taker, number))
                self._touch(number, who, taker)
                self._take(thing, taker)
            case _:
                return False
        return True

    def _moved(self, number: int, who: tuple[str, ...], room: str, because: frozenset[int] = frozenset()) -> None:
        self.spoken_of, self.spoken_in = who, because | {number}
        for actor in who:
            self.where[actor] = room, because | {number}
            for thing, (holder, _) in self.held_by.items():
                if holder == actor:
                    self._came(thing, actor)

    def _touch(self, number: int, *who: str) -> None:
        for actor in who:
            self.touched.setdefault(actor, set()).add(number)

    def _take(self, thing: str, who: str | None) -> None:
        for things in self.carried.values():
            if thing in things:
                things.remove(thing)
        if who is not None:
            self.carried.setdefault(who, []).append(thing)

    def _dropped(self, number: int, who: str, thing: str) -> None:
        self._take(thing, None)
        self._came(thing, who)
        self.held_by.pop(thing, None)
        self.lies_in.pop(thing, None)
        if who in self.where:
            room, why = self.where[who]
            self.lies_in[thing] = room, why | {number}

    def _came(self, thing: str, who: str) -> None:
        way = self.ways.setdefault(thing, [])
        if who in self.where and (not way or way[-1][0] != self.where[who][0]):
            way.append(self.where[who])

    def answer(self, kind: str, words: tuple[str, ...]) -> Known | None:
        """The answer, and the lines that it needs."""
        match kind, words:
            case "where?", (who,):
                return self.where.get(who)
            case "where thing?", (thing,):
                return self._place_of(thing)
            case "thing before?", (thing, room):
                return self._before(self.ways.get(thing, []), room)
            case "before?", (who, room):
                days = sorted((day, place) for (name, day), place in self.at.items() if name == who)
                return self._before([(place, frozenset({line})) for _, (place, line) in days], room)
            case "in?", (who, room):
                return self._whether(who, room)
            case (("how many?" | "carrying?"), (who,)) if who in self.touched:
                things = self.carried.get(who, [])
                answer = NUMBER[len(things)] if kind == "how many?" else ",".join(things) or "nothing"
                return answer, frozenset(self.touched[who])
        return self._gift(kind, words)

    def _gift(self, kind: str, words: tuple[str, ...]) -> Known | None:
        """The last gift that the question fits."""
        for giver, thing, taker, number in reversed(self.gifts):
            asked, answer = {
                "who gave?": ((thing,), giver),
                "who gave to?": ((thing, taker), giver),
                "who received?": ((thing,), taker),
                "given to?": ((giver, thing), taker),
                "what given?": ((giver, taker), thing),
            }.get(kind, ((), ""))
            if asked == words:
                return answer, frozenset({number})
        return None

    def _whether(self, who: str, room: str) -> Known | None:
        place, why = self.where.get(who, ("", frozenset()))
        if place.startswith("-"):
            return ("no", why) if place == f"-{room}" else None
        if "|" in place:
            return "maybe" if room in place.split("|") else "no", why
        return ("yes" if place == room else "no", why) if place else None

    def _place_of(self, thing: str) -> Known | None:
        if thing not in self.held_by:
            return self.lies_in.get(thing)
        who, got = self.held_by[thing]
        return (self.where[who][0], self.where[who][1] | {got}) if who in self.where else None

    @staticmethod
    def _before(way: list[Known], room: str) -> Known | None:
        """Where it was before it came to the room for the last time."""
        last = max((n for n, (there, _) in enumerate(way) if there == room and n > 0), default=0)
        return (way[last - 1][0], way[last - 1][1] | way[last][1]) if last else None
