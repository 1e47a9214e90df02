#!/bin/sh
# The recipe `threads`: comment threads to dialogues of two with references, and what they look like.
#   runs/threads.sh FILE...     comments: yt-dlp's .info.json, JSON or JSON lines, the Data API's answers
set -eu
OUT=${OUT:-runs/threads}
BIN=${BIN:-.venv/bin/millstream}

$BIN run "$@" --recipe threads --out "$OUT"
head -n 3 "$OUT/conversations.jsonl"
