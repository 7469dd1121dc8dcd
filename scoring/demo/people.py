"""The demo's accounts. They all share one password, and are not asked to change it."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from members.enums import AssignmentRole
from members.models import Assignment, Cluster, Unit, User
from scoring.demo import files

ADMINISTRATOR = "quantri"
# The secretariat and the units its people come from: toward these they are officers, never reviewers.
SECRETARIES = {"thuky": "UBKTTU", "thuky2": "BLS"}
OBSERVER = "quansat"
OFFICER_SUFFIX = ".cb"

_HEADS = {
    "VPTU": "Chánh Văn phòng",
    "BTCTU": "Trưởng Ban",
    "UBKTTU": "Chủ nhiệm",
    "BTGTU": "Trưởng Ban",
    "BDVTU": "Trưởng Ban",
    "BNCTU": "Trưởng Ban",
    "DUK": "Bí thư Đảng ủy",
    "TCT": "Hiệu trưởng",
    "BLS": "Tổng Biên tập",
}
_HEAD = "Giám đốc"


@dataclass(frozen=True)
class Part:
    """One account and the part that its person plays."""

    username: str
    role: AssignmentRole
    cluster: str
    unit: str = ""
    office: str = ""

    @property
    def description(self) -> str:
        names = {
            AssignmentRole.ADMINISTRATOR: "quản trị hệ thống",
            AssignmentRole.SECRETARIAT: "thư ký Cụm",
            AssignmentRole.OBSERVER: "quan sát, theo dõi",
            AssignmentRole.SIGNATORY: "lãnh đạo ký",
            AssignmentRole.OFFICER: "cán bộ đầu mối",
        }
        return ", ".join(part for part in (names[self.role], self.unit) if part)


def parts() -> list[Part]:
    """Every part of the demo: administrator, secretariat and observer of the main cluster, two accounts a unit."""
    clusters = [row["slug"] for row in files.rows("clusters")]
    main = clusters[0]
    found = [Part(ADMINISTRATOR, AssignmentRole.ADMINISTRATOR, "")]
    found += [Part(name, AssignmentRole.SECRETARIAT, main, unit) for name, unit in SECRETARIES.items()]
    found.append(Part(OBSERVER, AssignmentRole.OBSERVER, main))
    found += [Part(f"thuky.{slug}", AssignmentRole.SECRETARIAT, slug) for slug in clusters[1:]]
    seen = set()
    for row in files.rows("memberships"):
        if row["unit"] in seen:
            continue
        seen.add(row["unit"])
        code = row["unit"].lower()
        office = _HEADS.get(row["unit"], _HEAD)
        found.append(Part(code, AssignmentRole.SIGNATORY, "", row["unit"], office))
        found.append(Part(code + OFFICER_SUFFIX, AssignmentRole.OFFICER, "", row["unit"]))
    return found


def make_administrator() -> User:
    user = User.objects.create(username=ADMINISTRATOR)
    Assignment.objects.create(user=user, role=AssignmentRole.ADMINISTRATOR)
    return user


def make_others() -> None:
    """Makes every account but the administrator's; clusters and units exist."""
    clusters = {cluster.slug: cluster for cluster in Cluster.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for part in parts():
        if part.username == ADMINISTRATOR:
            continue
        user = User.objects.create(username=part.username)
        Assignment.objects.create(
            user=user,
            role=part.role,
            cluster=clusters.get(part.cluster),
            unit=units.get(part.unit),
            office=part.office,
        )


def set_password(password: str) -> None:
    """Gives all demo accounts `password`, by one hash; leaves them alone where it fits already."""
    people = User.objects.filter(username__in=[part.username for part in parts()])
    first = people.order_by("pk").first()
    if first is None or check_password(password, first.password):
        return
    people.update(password=make_password(password), must_change_password=False)


def named(username: str) -> User:
    """The account, read anew, so that nothing remembered about its parts is stale."""
    return User.objects.get(username=username)
