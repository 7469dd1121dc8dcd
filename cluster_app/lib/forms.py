"""The one way forms of the project look: crispy with the Bootstrap 5 pack, drawn by `_components/_form.html`."""

from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row


def form_helper(rows: Sequence[Sequence[str]] = ()) -> FormHelper:
    """Returns the helper every form is drawn with. Fields named together in `rows` stand side by side, in that order;
    fields not named follow. The form tag, the CSRF token and the buttons belong to the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    if rows:
        helper.layout = Layout(*(Row(*(Column(name) for name in names)) for names in rows))
        helper.render_unmentioned_fields = True
    return helper


class PageFormMixin:
    """Gives a form the project's helper. `rows` says which fields stand side by side."""

    rows: Sequence[Sequence[str]] = ()

    @property
    def helper(self) -> FormHelper:
        return form_helper(self.rows)
