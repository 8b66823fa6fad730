"""Dates as people write them; numbers grouped. Django's en-GB has both, only the short forms are ours."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
