"""Dates, times and numbers in British English. Every language of ours names these formats; the rest is Django's.

SHORT_DATETIME_FORMAT and MONTH_DAY_FORMAT stand where the year is clear.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "j M, H:i"
MONTH_DAY_FORMAT = "j M"
