#!/bin/sh
# ToolDial: a graph of APIs out of a schema and its rows, and dialogues that ask, clarify and call across it.
#   runs/tooldial.sh             the sample APIs, by rules alone, in seconds
#   runs/tooldial.sh FOLDER      your own schema.json and rows.json
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
OUT=${OUT:-runs/tooldial}
FROM=${1:-samples/apis}

"$MILL" run "$FROM" --recipe tooldial --dry-run --out "$OUT"
"$MILL" run "$FROM" --recipe tooldial --model none --count "${COUNT:-300}" --out "$OUT"
