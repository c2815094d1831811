"""US English: "Thursday, October 15, 2026", "5:30 pm" (locale/en turns Django's "p.m." into "pm")."""

DATE_FORMAT = "l, F j, Y"
SHORT_DATE_FORMAT = "M j, Y"
MONTH_DAY_FORMAT = "F j"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "l, F j, Y, g:i a"
SHORT_DATETIME_FORMAT = "M j, Y, g:i a"
# The portal's own (soc_portal/days.py): without the year, and a beginning whose end says "pm".
SHORT_DAY_FORMAT = "D, M j"
LONG_DAY_FORMAT = "l, F j"
SHORT_MOMENT_FORMAT = "D, M j, g:i a"
LONG_MOMENT_FORMAT = "l, F j, g:i a"
START_TIME_FORMAT = "g:i"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p", "%I:%M%p", "%I%p"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
