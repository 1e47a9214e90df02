#!/bin/sh
# Action-based conversations: agents that follow guidelines, action by action, and how far the plan matters.
#   runs/abcd.sh             the sample guidelines, by rules alone, in seconds
#   runs/abcd.sh FOLDER      your own guidelines.yaml and rows.json, or ABCD's kb.json and ontology.json
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
OUT=${OUT:-runs/abcd}
FROM=${1:-samples/guidelines}

"$MILL" run "$FROM" --recipe abcd --dry-run --out "$OUT"
"$MILL" run "$FROM" --recipe abcd --model none --count "${COUNT:-300}" --out "$OUT"
"${PYTHON:-.venv/bin/python}" benchmarks/next_action.py "$OUT"
