"""Acts of the tests of registrations."""

from awards.services import registrations
from members.enums import Phase
from tests.scenarios import NOW


def save(world, facts, person="officer", **more):
    return registrations.save(year=world.year, facts=facts, by=getattr(world, person), at=NOW, **more)


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()
