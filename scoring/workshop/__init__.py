"""The form in which a draft is edited: its JSON form, changed place by place; pure but for values.py."""
