"""A summary of a run as a report is given it, with numbers a test can look for."""

from builders import RECORDING
from millstream.report.counts import Heard, Right, Spend, Summary


def summary(**fields: object) -> Summary:
    """Two sources, one of which yielded nothing; 14 dialogues of 20 drawn."""
    made: dict[str, object] = {
        "stages": (
            ("cues", 2140), ("kept cues", 1688), ("signals", 212), ("facts", 64), ("personas", 9),
            ("blueprints", 3), ("scenarios", 20), ("dialogues", 14),
        ),
        "rejects": (
            ("clean", "advert", 61), ("clean", "only emotes", 233), ("extract", "quote is not in the cues", 18),
            ("critics/claims", "a promise without evidence", 4), ("dedup", "near-duplicate", 2),
        ),
        "left_out": (("torn.vtt", "line 3: the file ends in the middle of a cue"),),
        "notes": (("times mended", 7), ("self-declared minors dropped", 1), ("names masked", 118)),
        "spending": (Spend("extract", 41, 43, 2, 38120, 5210, 96.4), Spend("word", 168, 171, 1, 61250, 6940, 213.8)),
        "wall_seconds": 318.2,
        "target": 12,
        "accepted": 14,
        "drawn": 20,
        "words": (("model", 118), ("template", 32), ("kept", 18)),
        "model": "qwen2.5-coder-1.5b-instruct (local)",
        "settings": (("seed", "7"), ("best of", "2")),
        "rights": (
            Right(RECORDING, "fiction", "CC-BY-NC-4.0", ""),
            Right("ffff0000ffff0000", "unknown", "", "platform terms"),
        ),
        "recordings": (
            Heard(RECORDING, "云帆汽车周六直播", "vtt", 722.0, 1660),
            Heard("ffff0000ffff0000", "Night chat", "youtube_chat", None, 480),
        ),
        "abstained": (("ffff0000ffff0000", "3 service signals, 8 are needed"),),
    }  # fmt: skip
    return Summary(**(made | fields))  # type: ignore[arg-type]
