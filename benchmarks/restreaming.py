"""Re-stream: human task dialogues turned into live streams whose links, states and facts are known.

The agent's lines become the host's speech as a recogniser would write it, the user's lines are scattered into real
chat, several talks go on at once, some viewers are never answered, others ask what somebody has asked, and the host
reads questions aloud only now and then. Everything random is drawn from (seed, stream). Knows no linker.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from millstream.records import Cue, Lang

_SPEED = {"en": 2.7, "zh": 4.6}
"""Words, or Chinese characters, a second."""
_CUE = {"en": 9, "zh": 15}
_TOKENS = {"en": re.compile(r"[a-z0-9]+(?:['.:][a-z0-9]+)*"), "zh": re.compile(r"[a-z0-9.]+|[\u3400-\u9fff]")}
_READ: dict[str, tuple[str, ...]] = {
    "en": ("someone asks {}", "i see a question {}", "{}", "{} good question"),
    "zh": ("有人问{}", "看到有朋友说{}", "{}", "这位朋友问{}"),
}
_CALLED: dict[str, tuple[str, ...]] = {"en": ("{} ", "hey {} ", "so {} "), "zh": ("{} ", "这位{} ", "回一下{} ")}
_ADVERTS: dict[str, tuple[str, ...]] = {
    "en": (
        "if you are new here hit follow so you do not miss the next stream",
        "we are live every evening and the offer of the day is pinned at the top",
        "thanks for all the likes we are almost at ten thousand",
        "the link to book is right below the video and it only takes a minute",
        "let me drink some water and then i get to the rest of your questions",
        "this week there are three rooms left at the old price so be quick",
        "share the stream with your friends it helps us a lot",
    ),
    "zh": (
        "新进来的朋友点个关注不迷路",
        "我们每天晚上八点准时开播",
        "感谢大家的点赞马上就到一万了",
        "链接就在下方小黄车里面点进去就能订",
        "我先喝口水等一下接着回答大家",
        "这个价格只有今天才有错过就没有了",
        "帮主播分享一下直播间谢谢大家",
    ),
}
_FILLERS: dict[str, tuple[str, ...]] = {"en": ("um", "so", "you know", "okay"), "zh": ("那个", "嗯", "就是", "然后")}
_SAME: dict[str, tuple[str, ...]] = {
    "en": ("{}", "{} pls", "{}??", "same question, {}"),
    "zh": ("{}", "{}呀", "{}？？", "同问，{}"),
}


@dataclass(frozen=True)
class Turn:
    """One utterance of a talk; `state` and `facts`: (service-slot, value) held after it, and said by the agent."""

    role: str
    text: str
    state: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Talk:
    """One human dialogue of a corpus, user first."""

    name: str
    lang: Lang
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Shape:
    """How streams are made. Seconds, shares, and words wrong per word said."""

    talks: int = 12
    open: int = 4
    shortest: float = 2.0
    longest: float = 60.0
    patience: float = 0.7
    retold: float = 0.4
    called: float = 0.1
    wrong: float = 0.12
    unanswered: float = 0.25
    doubled: float = 0.15
    advert: float = 0.15
    chat: float = 0.35


@dataclass(frozen=True)
class Answered:
    """Gold: the chat cues that ask one thing (several where viewers ask the same) and the speech cues that answer."""

    asked: tuple[int, ...]
    told: tuple[int, ...]
    lag: float
    talk: str
    state: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Stream:
    name: str
    lang: Lang
    chat: tuple[Cue, ...]
    speech: tuple[Cue, ...]
    gold: tuple[Answered, ...]


@dataclass
class _Open:
    """A talk that goes on: its viewer, what is asked and not yet answered, and when."""

    talk: Talk
    author: str
    ignored: bool
    at: int = 0
    since: float = 0.0
    asked: list[int] = field(default_factory=list)


class Noise:
    """A recogniser's errors: other words of the same corpus, sounds alike in Chinese, words lost, fillers."""

    def __init__(self, talks: Sequence[Talk], lang: Lang, wrong: float) -> None:
        words = {word for talk in talks for turn in talk.turns for word in tokens(turn.text, lang)}
        self.lang, self.wrong = lang, wrong
        self.near: dict[str, list[str]] = {}
        for word in sorted(words):
            self.near.setdefault(_sound(word), []).append(word)

    def hear(self, text: str, chance: random.Random) -> list[str]:
        """What the recogniser writes: lower case, no punctuation, `wrong` of the words changed, lost or added."""
        heard: list[str] = []
        for word in tokens(text, self.lang):
            draw = chance.random() / self.wrong
            if draw < 0.6:
                heard.append(chance.choice(self.near.get(_sound(word), [word])))
            elif draw < 0.8:
                continue
            else:
                heard.append(word)
                if draw < 1.0:
                    heard.append(chance.choice(_FILLERS[self.lang]))
        return heard


def tokens(text: str, lang: Lang) -> list[str]:
    return _TOKENS[lang].findall(text.casefold())


def _sound(word: str) -> str:
    """What a recogniser confuses: English words by their first letters, Chinese characters by their row of GB 2312,
    whose common characters are ordered by pronunciation."""
    if word[0].isascii():
        return word if word[0].isdigit() else word[:2]
    code = word.encode("gb2312", "ignore")
    return f"{code[0]}:{code[1] // 6}" if len(code) == 2 else word


class Maker:
    """One stream being made: the host takes one line after another; time runs on the media clock."""

    def __init__(self, name: str, talks: Sequence[Talk], background: Sequence[str], noise: Noise, shape: Shape) -> None:
        self.name, self.lang, self.shape, self.noise = name, talks[0].lang, shape, noise
        self.background = background
        self.chance = random.Random(name)
        self.now = 5.0
        self.lines: list[tuple[float, str, str]] = []
        self.spoken: list[tuple[float, float, str]] = []
        self.gold: list[tuple[_Open, list[int], tuple[int, ...], float, Turn]] = []
        self.waiting = [_Open(talk, self._author(), self.chance.random() < shape.unanswered) for talk in talks]
        self.open: list[_Open] = []

    def make(self) -> Stream:
        while self.open or self.waiting:
            self._admit()
            self._step()
        self._fill()
        return self._stream()

    def _author(self) -> str:
        return f"v{self.chance.getrandbits(24):06x}"

    def _admit(self) -> None:
        while self.waiting and len(self.open) < self.shape.open:
            each = self.waiting.pop(0)
            self._ask(each, self.now + self.chance.uniform(0, 12))
            self.open.append(each)

    def _ask(self, each: _Open, when: float) -> None:
        """The viewer writes the next line of the talk, and now and then others write the same."""
        text = each.talk.turns[each.at].text
        each.asked, each.since = [self._write(when, each.author, text)], when
        if self.chance.random() < self.shape.doubled:
            for _ in range(self.chance.randint(1, 3)):
                same = self.chance.choice(_SAME[self.lang]).format(text)
                each.asked.append(self._write(when + self.chance.uniform(0.5, 8), self._author(), same))

    def _write(self, when: float, author: str, text: str) -> int:
        self.lines.append((when, author, text))
        return len(self.lines) - 1

    def _step(self) -> None:
        """The host answers somebody who waits, or talks to all; who waits too long, or is never answered, goes."""
        shape, chance = self.shape, self.chance
        self.open = [e for e in self.open if self.now - e.since < (30 if e.ignored else shape.longest)]
        ready = [e for e in self.open if not e.ignored and self.now - e.since >= shape.shortest]
        if not ready or chance.random() < shape.advert:
            self._say(chance.choice(_ADVERTS[self.lang]))
        else:
            ready.sort(key=lambda e: e.since)
            self._answer(ready[0] if chance.random() < shape.patience else chance.choice(ready))
        self.now += chance.uniform(0.3, 2.5)

    def _answer(self, each: _Open) -> None:
        chance, turns = self.chance, each.talk.turns
        asked, told = turns[each.at], turns[each.at + 1]
        begin, lag = len(self.spoken), self.now - each.since
        if chance.random() < self.shape.called:
            self._say(chance.choice(_CALLED[self.lang]).format(each.author), plain=True)
        if chance.random() < self.shape.retold:
            self._say(chance.choice(_READ[self.lang]).format(_part(asked.text, self.lang, chance)))
        self._say(told.text)
        self.gold.append((each, each.asked, tuple(range(begin, len(self.spoken))), lag, told))
        each.at += 2
        if each.at + 1 < len(turns):
            self._ask(each, self.now + chance.uniform(1.5, 20))
        else:
            self.open.remove(each)

    def _say(self, text: str, plain: bool = False) -> None:
        """An utterance in cues, at the speed of speech."""
        words = text.split() if plain else self.noise.hear(text, self.chance)
        size = _CUE[self.lang]
        for at in range(0, len(words), size):
            part = words[at : at + size]
            took = len(part) / _SPEED[self.lang]
            self.spoken.append((self.now, self.now + took, (" " if self.lang == "en" else "").join(part)))
            self.now += took + self.chance.uniform(0.05, 0.5)

    def _fill(self) -> None:
        """Real chat in the background, in its order, by authors of its own."""
        at, line = 0.0, self.chance.randrange(len(self.background))
        crowd = [self._author() for _ in range(40)]
        while at < self.now:
            at += self.chance.expovariate(self.shape.chat)
            self._write(at, self.chance.choice(crowd), self.background[line % len(self.background)])
            line += 1

    def _stream(self) -> Stream:
        order = sorted(range(len(self.lines)), key=lambda n: self.lines[n][0])
        place = {old: new for new, old in enumerate(order)}
        key = hashlib.sha256(self.name.encode()).hexdigest()[:16]
        chat = []
        for n, old in enumerate(order):
            start, author, text = self.lines[old]
            chat.append(Cue(recording=key, track="chat", n=n, start=start, end=start, text=text, author=author))
        speech = [
            Cue(recording=key, track="speech", n=n, start=start, end=end, text=text)
            for n, (start, end, text) in enumerate(self.spoken)
        ]
        gold = [
            Answered(tuple(sorted(place[n] for n in asked)), told, lag, each.talk.name, turn.state, turn.facts)
            for each, asked, told, lag, turn in self.gold
            if told
        ]
        return Stream(self.name, self.lang, tuple(chat), tuple(speech), tuple(gold))


def _part(text: str, lang: Lang, chance: random.Random) -> str:
    """What of a question is read aloud: its beginning or its end, half of it at least."""
    words = tokens(text, lang)
    size = chance.randint((len(words) + 1) // 2, max(1, len(words)))
    part = words[:size] if chance.random() < 0.5 else words[-size:]
    return (" " if lang == "en" else "").join(part)


def streams(talks: Sequence[Talk], background: Sequence[str], shape: Shape, seed: str) -> Iterator[Stream]:
    """All the talks, `shape.talks` a stream, each used once."""
    noise = Noise(talks, talks[0].lang, shape.wrong) if talks else None
    chance = random.Random(seed)
    mixed = chance.sample(list(talks), len(talks))
    for at in range(0, len(mixed) - shape.talks + 1, shape.talks):
        assert noise is not None
        yield Maker(f"{seed}-{at // shape.talks}", mixed[at : at + shape.talks], background, noise, shape).make()
