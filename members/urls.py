from django.urls import include, path

from members.views import (
    accounts,
    clusters,
    conference,
    deadlines,
    delegations,
    inbox,
    memberships,
    numbers,
    rotation,
    sign_in,
    start,
    years,
)

app_name = "members"

own_account = [
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", sign_in.SignOut.as_view(), name="logout"),
    path("password/", sign_in.password_change, name="password_change"),
    path("password/done/", sign_in.password_change_done, name="password_change_done"),
    path("profile/", start.profile, name="profile"),
    path("language/", start.language_change, name="language_change"),
    path("display/", start.display_change, name="display_change"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<int:pk>/open/", inbox.inbox_open, name="inbox_open"),
    path("inbox/<int:pk>/read/", inbox.inbox_read, name="inbox_read"),
]

installation = [
    path("cluster/", clusters.cluster_create, name="cluster_create"),
    path("accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/<int:user>/password/", accounts.account_reset, name="account_reset"),
    path("accounts/<int:user>/close/", accounts.account_disable, name="account_disable"),
    path("accounts/<int:user>/open/", accounts.account_enable, name="account_enable"),
    path("accounts/<int:user>/unlock/", accounts.account_unlock, name="account_unlock"),
    path("assignments/<int:assignment>/end/", accounts.assignment_end, name="assignment_end"),
]

setup = [
    path("", years.year_setup, name="year_setup"),
    path("details/", years.year_edit, name="year_edit"),
    path("rules/", years.rules_edit, name="rules_edit"),
    path("step/", years.year_move, name="year_move"),
    path("step/propose/", years.year_propose, name="year_propose"),
    path("step/withdraw/", years.year_withdraw, name="year_withdraw"),
    path("units/add/", memberships.membership_add, name="membership_add"),
    path("units/<int:membership>/", memberships.membership_edit, name="membership_edit"),
    path("units/<int:membership>/remove/", memberships.membership_remove, name="membership_remove"),
    path("deadlines/", deadlines.deadlines_edit, name="deadlines_edit"),
    path("extensions/", deadlines.extension_list, name="extension_list"),
    path("extensions/add/", deadlines.extension_add, name="extension_add"),
    path("extensions/<int:extension>/", deadlines.extension_edit, name="extension_edit"),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/make/", accounts.accounts_make, name="accounts_make"),
]

numbers_of_papers = [
    path("", numbers.number_list, name="number_list"),
    path("print/", numbers.number_list_print, name="number_list_print"),
    path("reserve/", numbers.number_reserve, name="number_reserve"),
    path("<int:number>/void/", numbers.number_void, name="number_void"),
]

of_a_year = [
    path("conference/", conference.conference, name="conference"),
    path("conference/edit/", conference.meeting_edit, name="meeting_edit"),
    path("rotation/", rotation.rotation, name="rotation"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/new/", delegations.delegation_add, name="delegation_add"),
    path("delegations/<int:delegation>/end/", delegations.delegation_end, name="delegation_end"),
    path("papers/numbers/", include(numbers_of_papers)),
    path("setup/", include(setup)),
]

urlpatterns = [
    path("", start.start, name="start"),
    path("accounts/", include(own_account)),
    path("set-up/", include(installation)),
    path("<slug:cluster>/<int:year>/", include(of_a_year)),
]
