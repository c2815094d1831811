"""Spanish as written in the United States: "jueves 15 de octubre de 2026", "5:30 p.m."; month before day in numbers."""

DATE_FORMAT = r"l j \d\e F \d\e Y"
SHORT_DATE_FORMAT = r"j \d\e b \d\e Y"
MONTH_DAY_FORMAT = r"j \d\e F"
YEAR_MONTH_FORMAT = r"F \d\e Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = r"l j \d\e F \d\e Y, g:i a"
SHORT_DATETIME_FORMAT = r"j \d\e b \d\e Y, g:i a"
# The portal's own (soc_portal/days.py): without the year, and a beginning whose end says "p.m.".
SHORT_DAY_FORMAT = r"D j \d\e b"
LONG_DAY_FORMAT = r"l j \d\e F"
SHORT_MOMENT_FORMAT = r"D j \d\e b, g:i a"
LONG_MOMENT_FORMAT = r"l j \d\e F, g:i a"
START_TIME_FORMAT = "g:i"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
