#!/bin/sh
# ThingTalk by Genie's way: dialogues whose turns are programs, pairs for a parser, and a tracker trained on them.
#   runs/thingtalk.sh             the sample islands, by rules alone, in seconds
#   runs/thingtalk.sh FOLDER      your own schema.json and rows.json
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
OUT=${OUT:-runs/thingtalk}
FROM=${1:-samples/tasks}

"$MILL" run "$FROM" --recipe thingtalk --dry-run --out "$OUT"
"$MILL" run "$FROM" --recipe thingtalk --model none --count "${COUNT:-300}" --out "$OUT"
"$MILL" train dst "$OUT" --schema "$FROM/schema.json" --rows "$OUT/rows.json" --to "$OUT/tracker.npz"
