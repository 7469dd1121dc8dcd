"""Signing in and out, and the own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from members.forms import OwnPasswordForm, SignInForm
from members.services import accounts


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Says after signing in when the account was used before: a stranger's use shows."""

    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        user = form.get_user()
        before = user.last_login
        response = super().form_valid(form)
        accounts.note_sign_in(user=user, at=clock.now())
        if before is None:
            messages.info(self.request, _("You are signed in for the first time."))
        else:
            moment = f"{timezone.localtime(before):%d/%m/%Y %H:%M}"
            messages.info(self.request, _("Your last sign-in: %(moment)s.") % {"moment": moment})
        return response


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    http_method_names = ["post"]


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request):
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = accounts.change_password(user=request.user, password=form.cleaned_data["new_password1"], at=clock.now())
        update_session_auth_hash(request, user)
        return redirect("members:password_change_done")
    return render(request, "registration/password_change_form.html", {"form": form})


@require_safe
def password_change_done(request):
    return render(request, "registration/password_change_done.html")
