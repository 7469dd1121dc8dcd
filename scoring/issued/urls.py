from django.urls import path

from scoring.issued import views

urlpatterns = [
    path("papers/issued/", views.issued_list, name="issued_list"),
    path("papers/issued/<str:code>/", views.issued_detail, name="issued_detail"),
    path("papers/issued/<str:code>/print/", views.issued_print, name="issued_print"),
]
