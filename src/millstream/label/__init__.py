"""One label for every utterance, by a model asked in several wordings: tasks, prompts and soft scores.

After *Learning LLM Preference over Intra-Dialogue Pairs* (Liu et al. 2025, arXiv 2503.05620); what of it is known, and
what is ours, stands in docs/recipes/label.md.
"""
