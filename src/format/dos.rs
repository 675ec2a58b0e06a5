//! Dates of MS-DOS, which zip archives have: FAT's 16 bits of date and 16 bits of time.

/// `2024-01-02 03:04:06`, or nothing for bits that are no date: most often all of them are zero.
#[must_use]
pub fn moment(date: u16, time: u16) -> Option<String> {
    let (year, month, day) = (1980 + (date >> 9), date >> 5 & 0x0f, date & 0x1f);
    let (hour, minute, second) = (time >> 11, time >> 5 & 0x3f, (time & 0x1f) * 2);
    let is_moment = (1..=12).contains(&month) && day > 0 && hour < 24 && minute < 60 && second < 60;
    is_moment.then(|| format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn bits_are_dates_or_nothing() {
        assert_eq!(moment(0x5822, 0x1883).as_deref(), Some("2024-01-02 03:04:06"));
        assert_eq!(moment(0x0021, 0).as_deref(), Some("1980-01-01 00:00:00"));
        assert_eq!([moment(0, 0), moment(0x5822, 0xffff), moment(0x5800, 0)], [None, None, None]);
    }
}
