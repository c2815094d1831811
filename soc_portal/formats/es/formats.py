"""Spanish as written in the United States: "jueves 15 de octubre de 2026", "5:30 p.m."; month before day in numbers."""

DATE_FORMAT = r"l j \d\e F \d\e Y"
SHORT_DATE_FORMAT = r"j \d\e b \d\e Y"
MONTH_DAY_FORMAT = r"j \d\e F"
YEAR_MONTH_FORMAT = r"F \d\e Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = r"l j \d\e F \d\e Y, g:i a"
SHORT_DATETIME_FORMAT = r"j \d\e b \d\e Y, g:i a"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
