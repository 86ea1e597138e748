"""The figures as the charts take them: plain numbers, in the form that static/js/charts describes."""
