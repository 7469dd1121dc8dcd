from django.urls import path

from scoring.home import views

urlpatterns = [path("", views.home, name="home")]
