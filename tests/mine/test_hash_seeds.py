"""What is mined is the same whatever order Python keeps its sets in."""

import os
import subprocess
import sys

MINED = """
from millstream import domain as domains
from millstream.mine.facts import Claims
from millstream.mine.rules import Rules
from millstream.mine.sheet import Sheet
from millstream.mine.tagging.gate import Gate
from millstream.mine.tagging.seen import pieces, seen
from millstream.mine.telling.candidates import Tables
from millstream.mine.telling.told import candidates
from millstream.mine.topics import Topics
from millstream.know.tables import facts_of, slots_of
from millstream.records import Cue
from millstream.shapes import Table

headers = ("名称", "价格（元）", "特色")
rows = (("云栖山房", "300", "独立的庭院"), ("山房别院", "420", "林间小筑"), ("湖畔客栈", "260", "临湖露台"))
table = Table("houses", headers, rows)
domain = slots_of(table, domains.read("hotel"), "zh")
sheet = Sheet(facts_of(table, domain, "zh"))
said = ("山房有庭院，最近还有独立的小院", "所有的都是三百", "湖畔客栈临湖，山房四百二，云栖山房三百起")
cues = [Cue(recording="r", track="speech", n=n, start=float(n), end=None, text=each) for n, each in enumerate(said)]
rules = Rules("r", Topics(domain, [row[0] for row in rows]), "zh", sheet)
print(*candidates(Claims(rules.topics, sheet), Tables(sheet, domain), cues, {}), sep="\\n")
print(*(signal.model_dump_json() for signal in rules.facts(cues)), list(sheet.groups), sep="\\n")
text = "麻烦寄到翠湖名邸 b 座 1506 收件人 陈一诺 tel 138 0000 1111"
print(*seen(text, pieces(text)), sep="\\n")
print(Gate({each: 0.1 ** (n % 17) for n, each in enumerate(text)}, 0.0).odds(text))
"""


def test_one_recording_gives_the_same_under_any_seed() -> None:
    found = [
        subprocess.run(
            [sys.executable, "-c", MINED],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in (1, 2, 3)
    ]
    assert found[0].count("\n") > 5
    assert found[0] == found[1] == found[2]
