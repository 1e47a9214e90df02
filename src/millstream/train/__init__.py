"""Small models that learn from dialogues: state trackers. Heavy libraries are imported here and nowhere above."""
