from django.urls import path, re_path

from scoring.verify import views

app_name = "verify"

urlpatterns = [
    path("", views.code_form, name="code_form"),
    # As it is printed, without a slash; with one it is found too.
    re_path(r"^(?P<code>[^/]+)/?$", views.code_check, name="code_check"),
]
