"""Form fields that the portal's forms share."""

from django import forms

#: No row has a number with more digits; a database answers a longer one with an error.
LONGEST_NUMBER = 18


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to choose from; a number that no row can have is an unknown choice, not a broken page."""

    def clean(self, value):
        for number in value if isinstance(value, list | tuple) else ():
            if len(str(number)) > LONGEST_NUMBER:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": number}
                )
        return super().clean(value)
