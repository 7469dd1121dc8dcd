"""Where a request comes from, for the throttle of wrong passwords."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the browser. Behind our own proxy that is the hop the proxy added last; what stands before it in
    the header was written by the client and proves nothing."""
    if settings.BEHIND_PROXY:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if address := hops[-1].strip():
            return address
    return request.META.get("REMOTE_ADDR", "")
