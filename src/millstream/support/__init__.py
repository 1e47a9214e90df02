"""Customer support talk (Zhu et al. 2026, arXiv 2508.04423): annotating real dialogues, filtering, planning new ones.

Ours differs where the paper's detail is not known; docs/recipes/csc.md names each assumption. Knows no streams.
"""
