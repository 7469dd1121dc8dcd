from django.urls import path

from scoring.year_end import views

urlpatterns = [
    path("summary/", views.summary, name="summary"),
    path("summary/paragraphs/", views.summary_paragraphs, name="summary_paragraphs"),
    path("summary/paragraphs/<str:key>/accept/", views.summary_accept, name="summary_accept"),
    path("summary/issue/", views.summary_issue, name="summary_issue"),
    path("summary/withdraw/", views.summary_withdraw, name="summary_withdraw"),
]
