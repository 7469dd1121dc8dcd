"""The tables of this app whose rows the audit log vouches for."""

from awards.models import Commendation, Decision, PledgeSignature

ROWS = {
    Commendation: Commendation.objects.all,
    Decision: Decision.objects.all,
    PledgeSignature: PledgeSignature.objects.all,
}
