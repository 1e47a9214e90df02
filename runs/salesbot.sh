#!/bin/sh
# SalesBot: small talk that turns into a task.
#   runs/salesbot.sh             the sample islands, by rules alone, in seconds
#   runs/salesbot.sh FOLDER      your own schema.json, rows.json and, where you have any, talks as messages (.jsonl)
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
OUT=${OUT:-runs/salesbot}
FROM=${1:-samples/tasks}

"$MILL" run "$FROM" --recipe salesbot --dry-run --out "$OUT"
"$MILL" run "$FROM" --recipe salesbot --model none --count "${COUNT:-300}" --out "$OUT"
