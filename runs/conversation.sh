#!/bin/sh
# The recipe `conversation`: talk of two cut out of broadcast speech, and what it looks like.
#   runs/conversation.sh FILE...     speech with speakers: WhisperX's or FunASR's JSON, transcripts
set -eu
OUT=${OUT:-runs/conversation}
BIN=${BIN:-.venv/bin/millstream}

$BIN run "$@" --recipe conversation --out "$OUT"
head -n 3 "$OUT/conversations.jsonl"
