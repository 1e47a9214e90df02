#!/bin/sh
# The recipe `sgd`: dialogues by schema, a tracker trained on them, and the proof on real ones.
#   runs/sgd.sh DATA     DATA: folder of the data sets, with sgd/dev/schema.json in it
set -eu
DATA=${1:?give the folder of the data sets}
OUT=${OUT:-runs/sgd}
BIN=${BIN:-.venv/bin/millstream}
COUNT=${COUNT:-1000}

$BIN simulate "$DATA/sgd/dev/schema.json" --dry-run
$BIN simulate "$DATA/sgd/dev/schema.json" --learn "$DATA/sgd/train" --count "$COUNT" --processes 2 --to "$OUT"
$BIN train dst "$OUT" --schema "$DATA/sgd/dev/schema.json" --rows "$OUT/rows.json" --to "$OUT/tracker.npz"
$BIN prove sgd --data "$DATA"
