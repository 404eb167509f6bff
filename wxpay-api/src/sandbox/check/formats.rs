//! Checks texts against the formats of the descriptors.

/// Returns what is wrong with a text of a format; `None` if it fits, or the format says too little to check.
pub(super) fn problem(format: &str, text: &str) -> Option<&'static str> {
    let (fits, issue) = match format {
        "date-time" => (
            is_date_time(text),
            "must be a time in RFC 3339 with its offset, such as 2025-01-01T12:00:00+08:00",
        ),
        "date" => (is_date(text), "must be a day such as 2025-01-01"),
        "compact-time" => (is_compact_time(text), "must be a time such as 20250101120000"),
        _ => return None,
    };
    (!fits).then_some(issue)
}

/// Returns whether a text is a time as the basic rules have it: seconds, perhaps with a fraction, and an offset.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let Some(offset_at) = time.find(['Z', '+', '-']) else {
        return false;
    };
    let (Some(clock), Some(offset)) = (time.get(..offset_at), time.get(offset_at..)) else {
        return false;
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    is_date(date) && is_clock(clock) && is_numeric(fraction) && is_offset(offset)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let &[year, month, day] = parts.as_slice() else {
        return false;
    };
    is_day(year, month, day)
}

fn is_day(year: &str, month: &str, day: &str) -> bool {
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Returns whether a text is `HH:MM:SS`. A leap second is valid.
fn is_clock(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').collect();
    let &[hour, minute, second] = parts.as_slice() else {
        return false;
    };
    in_day(hour, minute, second)
}

fn in_day(hour: &str, minute: &str, second: &str) -> bool {
    let below = |text: &str, end: u32| number(text, 2).is_some_and(|number| number < end);
    below(hour, 24) && below(minute, 60) && below(second, 61)
}

fn is_offset(text: &str) -> bool {
    let hours = text.strip_prefix(['+', '-']).and_then(|rest| rest.split_once(':'));
    text == "Z" || hours.is_some_and(|(hours, minutes)| in_day(hours, minutes, "00"))
}

fn is_compact_time(text: &str) -> bool {
    let part = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    text.len() == 14
        && is_day(part(0, 4), part(4, 6), part(6, 8))
        && in_day(part(8, 10), part(10, 12), part(12, 14))
}

fn is_numeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a number with exactly this many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && is_numeric(text)).then(|| text.parse().ok())?
}
