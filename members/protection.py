"""The tables of this app whose rows the audit log vouches for."""

from members.models import EmulationYear, Membership

ROWS = {
    EmulationYear: EmulationYear.objects.all,
    Membership: Membership.objects.all,
}
