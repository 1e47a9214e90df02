"""Streaming media in, traceable task-oriented dialogues out."""
