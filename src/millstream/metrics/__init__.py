"""Measures of dialogues beside other dialogues. They know conversations and numbers; no file and no corpus."""
