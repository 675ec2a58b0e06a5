from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

timezone_1 = timezone.utc
zone_info_1 = ZoneInfo('Europe/Berlin')
result = [
    date(2024, 2, 29),
    date(1, 1, 1),
    date(9999, 12, 31),
    time(23, 59, 59, 999999),
    time(12, 0, tzinfo=timezone_1),
    datetime(2024, 1, 2, 3, 4, 5, 678901),
    datetime(2024, 10, 27, 2, 30, fold=1),
    datetime(2024, 7, 1, 0, 0, tzinfo=zone_info_1),
    datetime(2024, 7, 1, 0, 0, tzinfo=timezone(timedelta(seconds=19800), 'IST')),
    timedelta(0),
    timedelta(days=-1, microseconds=1),
    timedelta(days=999999999, seconds=86399, microseconds=999999),
    timezone_1,
    timezone(timedelta(days=-1, seconds=75600)),
    zone_info_1,
]
