from django.contrib import admin
from django.urls import include, path

from cluster_app.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("verify/", include("scoring.verify.urls")),
    path("", include("members.urls")),
    path("<slug:cluster>/<int:year>/", include("awards.urls")),
    path("<slug:cluster>/<int:year>/", include("scoring.urls")),
]

handler400 = "cluster_app.error_pages.bad_request"
handler403 = "cluster_app.error_pages.permission_denied"
handler404 = "cluster_app.error_pages.page_not_found"
handler500 = "cluster_app.error_pages.server_error"
