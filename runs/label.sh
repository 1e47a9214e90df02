#!/bin/sh
# Utterance labels, whole: a teacher's soft scores of a few dialogues, a student of them, labels of all utterances.
#   runs/label.sh                            the samples in both languages, by the embedded model
#   runs/label.sh FILES... FOLDER            your own dialogues (docs/formats.md, dialogues of others): 10 are scored
#   TASK=sentiment runs/label.sh ...         another task (docs/recipes/label.md)
set -eu
cd "$(dirname "$0")/.."
MILL=${MILL:-.venv/bin/millstream}
TASK=${TASK:-service_act}
if [ $# -gt 1 ]; then
    for last; do :; done
    inputs=""
    while [ $# -gt 1 ]; do inputs="$inputs $1"; shift; done
    # shellcheck disable=SC2086
    exec "$MILL" run $inputs --recipe label --set task="$TASK" --out "$last" --read 10 --set wordings=1
fi

# 1. The teacher scores three dialogues of each language in both orders of the labels; its student labels all.
"$MILL" run samples/support --lang en --recipe label --set task="$TASK" --set wordings=1 --read 3 --out runs/label_en
"$MILL" run samples/support --lang zh --recipe label --set task="$TASK" --set wordings=1 --read 3 --out runs/label_zh

# 2. The same student trained again from the scores; then it labels in the teacher's place, and no model is asked.
"$MILL" train utterance runs/label_en --to runs/label_en/again.npz
"$MILL" run samples/support --lang en --recipe label --set task="$TASK" --model none \
    --set labeller=runs/label_en/again.npz --out runs/label_again
