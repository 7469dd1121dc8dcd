"""English changes words, never numbers or dates: a paper or a deadline must not read differently in two languages."""

from cluster_app.formats.vi.formats import *  # noqa: F403
