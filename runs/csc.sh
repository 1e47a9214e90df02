#!/bin/sh
# Customer support, whole: real service dialogues -> strategies and an evaluation set; planned talk; figures.
#   runs/csc.sh                      the samples, by rules alone, in seconds; then one dialogue of each by the embedded model
#   runs/csc.sh FILES... FOLDER      your own service dialogues (docs/formats.md, dialogues of others), or run folders of
#                                    streams, whose exchanges and personas are taken
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
if [ $# -gt 1 ]; then
    for last; do :; done
    inputs=""
    while [ $# -gt 1 ]; do inputs="$inputs $1"; shift; done
    # shellcheck disable=SC2086
    exec "$MILL" run $inputs --recipe csc --out "$last" --read 2 --set candidates=2
fi

# 1. Both languages by rules and templates: 40 played dialogues each.
"$MILL" run samples/support --lang en --recipe csc --model none --count 40 --out runs/csc_en
"$MILL" run samples/support --lang zh --recipe csc --model none --count 40 --out runs/csc_zh

# 2. One real dialogue annotated and reworded by the embedded model, and one played dialogue in its words.
"$MILL" run samples/support/talks_en.jsonl --recipe csc --count 1 --read 1 --out runs/csc_model \
    --set candidates=2 --set wording_tries=1

# 3. For other tools: the played dialogues as chat messages.
"$MILL" export runs/csc_en --to runs/csc_en/data --format messages
