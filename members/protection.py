"""The tables of this app whose rows the audit log vouches for."""

from members.models import Delegation, EmulationYear, Membership, StoredFile

ROWS = {
    Delegation: Delegation.objects.all,
    EmulationYear: EmulationYear.objects.all,
    Membership: Membership.objects.all,
    StoredFile: StoredFile.objects.all,
}
