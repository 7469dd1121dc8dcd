"""The demo: the real year 2020 of the source article, and the year after it under way. Deterministic."""


def accounts() -> list[tuple[str, str]]:
    """User name and part of every demo account, for the command that prints them."""
    from scoring.demo.people import parts  # noqa: PLC0415 - the package is imported before the models are

    return [(part.username, part.description) for part in parts()]
