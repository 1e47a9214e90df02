#!/bin/sh
# The same talks in several languages: invented people under two speech events, and one task out of a stream's run, in
# English, Chinese and French by the embedded model; report.html has them side by side.
#   runs/crowd.sh                  the samples
#   runs/crowd.sh FILES... FOLDER  your own persona pairs (Synthetic-Persona-Chat's CSV, YAML) and run folders of streams
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
SMALL="--set candidates=3 --set wording_tries=4 --set lines=8 --set temperature=0.8 --set languages=${LANGUAGES:-en,zh,fr}"
if [ $# -gt 1 ]; then
    for last; do :; done
    inputs=""
    while [ $# -gt 1 ]; do inputs="$inputs $1"; shift; done
    # shellcheck disable=SC2086
    exec "$MILL" run $inputs --recipe crowd --out "$last" $SMALL
fi

# 1. A stream's run by rules and templates, in seconds: its outline is the task.
"$MILL" run samples/restaurant_en --model none --count 20 --out runs/crowd_stream

# 2. One open premise and one task, each in three languages: 48 lines of at most four calls each, about 150 tokens read
#    and 25 written a call. Stopped, the same command goes on where it was.
# shellcheck disable=SC2086
"$MILL" run samples/crowd runs/crowd_stream --recipe crowd --count 6 --out runs/crowd --slots 2 $SMALL
