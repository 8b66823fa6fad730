"""How every form field of the desk is drawn: label, control, help and error from one template."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList


class DeskFormRenderer(TemplatesSetting):
    field_template_name = "forms/_field.html"
    form_template_name = "forms/_form.html"


class DeskForm(forms.Form):
    """A form whose controls carry the desk's classes and whose errors are announced."""

    required_css_class = "field--required"
    error_css_class = "field--invalid"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("error_class", ErrorList)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field.widget)

    def forgive_unchanged(self) -> None:
        """For `clean` of a form about something that is there: what the person left alone is no reason to refuse."""
        for name in set(self.errors) - set(self.changed_data):
            self.errors.pop(name, None)

    def add_field(self, name: str, field: forms.Field) -> None:
        """A field that this form alone has."""
        _dress(field.widget)
        self.fields[name] = field


def _dress(widget: forms.Widget) -> None:
    if isinstance(widget, forms.TextInput | forms.Textarea):
        widget.attrs.setdefault("dir", "auto")
    # Browsers cut what is pasted there without a word; the form says how long it may be, with all of it kept.
    widget.attrs.pop("maxlength", None)
    for kind, name in _CLASSES:
        if isinstance(widget, kind):
            if name:
                widget.attrs.setdefault("class", name)
            return


_CLASSES = (
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "radio"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.HiddenInput, ""),
    (forms.widgets.Input, "input"),
)


def all_errors(form: forms.Form) -> str:
    """Everything that is wrong with a form, as one text: for forms so small that nothing can stand beside a field."""
    return " ".join(str(text) for errors in form.errors.values() for text in errors)
