"""The recipe of the row `scale`: no model, and the critics of shape, labels and leaks alone."""

from millstream.critics import labels, leak, shape
from millstream.recipe import Recipe


def recipe() -> Recipe:
    critics = (shape.critic, labels.critic, leak.critic)
    return Recipe("plain", "templates, checked for shape, labels and leaks", critics)
