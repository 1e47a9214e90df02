"""Dialogues with services, played by program from a schema and its rows: goals, policy, outlines, words.

After the simulator of Schema-Guided Dialogue (Rastogi et al. 2020, section 3.2), with SalesBot's way from small talk
into a task (Chiu et al. 2022). Knows no streams and no model.
"""
