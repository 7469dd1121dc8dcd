from django.urls import include, path

from awards.views import campaigns, commendations, entry, participation, pledge, register, registrations

app_name = "awards"

pledge_pages = [
    path("", pledge.pledge_detail, name="pledge_detail"),
    path("write/", pledge.pledge_write, name="pledge_write"),
    path("open/", pledge.pledge_open, name="pledge_open"),
    path("sign/<int:membership>/", pledge.pledge_sign, name="pledge_sign"),
    path("paper/", pledge.pledge_paper_record, name="pledge_paper"),
    path("print/", pledge.pledge_print, name="pledge_print"),
]

campaign_pages = [
    path("", campaigns.campaign_list, name="campaign_list"),
    path("new/", campaigns.campaign_create, name="campaign_create"),
    path("<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("<int:pk>/participation/", participation.campaign_participation, name="campaign_participation"),
    *(
        path(f"<int:pk>/{step}/", campaigns.campaign_step, {"step": step}, name=f"campaign_{step}")
        for step in ("launch", "review", "conclude", "reopen")
    ),
]

registration_pages = [
    path("", registrations.registration_list, name="registration_list"),
    path("new/", registrations.registration_create, name="registration_create"),
    path("<int:pk>/edit/", registrations.registration_edit, name="registration_edit"),
    path("<int:pk>/remove/", registrations.registration_remove, name="registration_remove"),
]

commendation_pages = [
    path("", register.commendation_list, name="commendation_list"),
    path("tally/", register.commendation_tally, name="commendation_tally"),
    path("new/", entry.commendation_record, name="commendation_record"),
    path("registrations/", include(registration_pages)),
    path("confirm/", commendations.commendation_confirm, name="commendation_confirm"),
    path("<int:pk>/", register.commendation_detail, name="commendation_detail"),
    path("<int:pk>/edit/", commendations.commendation_edit, name="commendation_edit"),
    path("<int:pk>/revoke/", commendations.commendation_revoke, name="commendation_revoke"),
]

urlpatterns = [
    path("pledge/", include(pledge_pages)),
    path("campaigns/", include(campaign_pages)),
    path("commendations/", include(commendation_pages)),
]
