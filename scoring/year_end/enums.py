from enum import StrEnum


class Edition(StrEnum):
    """The draft goes before the conference at any time; the official one is issued once and frozen."""

    DRAFT = "draft"
    OFFICIAL = "official"
