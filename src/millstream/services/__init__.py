"""Services as data: their schema, their rows, dialogues with them and what a state means. No words, no models.

Schemas and frames follow Schema-Guided Dialogue (Rastogi et al. 2020), which is also the widest of the forms that
dialogues come and go in.
"""
