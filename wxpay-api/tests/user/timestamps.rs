//! Times of responses in every documented form, converted to the types of other crates.

use wxpay_api::Timestamp;

/// The same second in both offsets, with and without milliseconds, and in the forms without an
/// offset, which mean Beijing time.
const ALIKE: [&str; 20] = [
    "2018-06-08T10:34:56+08:00",
    "2018-06-08T02:34:56Z",
    "2018-06-08T10:34:56.000+08:00",
    "2018-06-08T02:34:56.000Z",
    "20180608103456",
    "20180608103456000",
    "20180608103456+0800",
    "20180608T103456",
    "20180608T023456Z",
    "20180608 10:34:56",
    "2018-06-08 10:34:56",
    "2018-06-08 10:34:56.000",
    "2018/06/08 10:34:56",
    "2018-06-08T10:34:56",
    "2018-06-08T10:34:56+0800",
    "2018-06-08T10:34:56+08",
    "2018-06-08 10:34:56 +0800",
    "2018-06-08T04:34:56+02:00",
    "2018-06-07T22:34:56-04:00",
    " 2018-06-08 10:34:56\n",
];

/// Texts that are no certain moment. They are kept as text, and do not convert.
const OTHERS: [&str; 19] = [
    "",
    "20180608",
    "2018-06-08",
    "2018060810",
    "201806081034",
    "1528425296",
    "1528425296000",
    "180608103456",
    "20181308103456",
    "20180631103456",
    "20180608253456",
    "2018-06-08 10:34:56 PM",
    "2018-06-0810:34:56",
    "2018-06/08 10:34:56",
    "2018-06-08T10:34:56+8",
    "2018年06月08日 10:34:56",
    "２０１８-06-08 10:34:56",
    "OnAccept",
    "20180608103456\u{202e}",
];

#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
const SECONDS: i64 = 1_528_425_296;

#[test]
fn any_text_is_kept() {
    for text in ALIKE.into_iter().chain(OTHERS) {
        assert_eq!(Timestamp::from(text).as_str(), text);
    }
}

#[cfg(feature = "time")]
#[test]
fn as_times_of_time() {
    use time::OffsetDateTime;
    for text in ALIKE {
        let time = OffsetDateTime::try_from(&Timestamp::from(text)).unwrap();
        assert_eq!(time.unix_timestamp(), SECONDS, "{text}");
    }
    for text in OTHERS {
        let error = OffsetDateTime::try_from(&Timestamp::from(text)).unwrap_err();
        let shown = text.replace('\n', "\u{fffd}");
        assert!(error.to_string().contains(&shown) || text.contains('\u{202e}'), "{error}");
    }
    let time = OffsetDateTime::from_unix_timestamp(SECONDS).unwrap();
    assert_eq!(Timestamp::try_from(time).unwrap().as_str(), "2018-06-08T02:34:56Z");
}

#[cfg(feature = "jiff")]
#[test]
fn as_times_of_jiff() {
    for text in ALIKE {
        let time = jiff::Timestamp::try_from(&Timestamp::from(text)).unwrap();
        assert_eq!(time.as_second(), SECONDS, "{text}");
    }
    for text in OTHERS {
        assert!(jiff::Timestamp::try_from(&Timestamp::from(text)).is_err(), "{text}");
    }
    let time = jiff::Timestamp::from_second(SECONDS).unwrap();
    assert_eq!(Timestamp::from(time).as_str(), "2018-06-08T02:34:56Z");
}

#[cfg(feature = "chrono")]
#[test]
fn as_times_of_chrono() {
    use chrono::{DateTime, FixedOffset};
    for text in ALIKE {
        let time = DateTime::<FixedOffset>::try_from(&Timestamp::from(text)).unwrap();
        assert_eq!(time.timestamp(), SECONDS, "{text}");
    }
    for text in OTHERS {
        let timestamp = Timestamp::from(text);
        assert!(DateTime::<FixedOffset>::try_from(&timestamp).is_err(), "{text}");
    }
    let time = DateTime::from_timestamp(SECONDS, 0).unwrap();
    assert_eq!(Timestamp::from(time).as_str(), "2018-06-08T02:34:56Z");
}

/// Milliseconds of every form are kept.
#[cfg(feature = "jiff")]
#[test]
fn compact_times_keep_their_milliseconds() {
    for text in ["20180608103456123", "2018-06-08 10:34:56.123", "2018-06-08T10:34:56,123+08:00"] {
        let time = jiff::Timestamp::try_from(&Timestamp::from(text)).unwrap();
        assert_eq!(time.as_millisecond(), SECONDS * 1000 + 123, "{text}");
    }
}

#[cfg(feature = "time")]
#[test]
fn a_day_without_a_time_has_its_own_error() {
    for text in ["20091225", "2009-12-25", "2009/12/25"] {
        let error = time::OffsetDateTime::try_from(&Timestamp::from(text)).unwrap_err();
        assert!(error.to_string().contains("is a day without a time"), "{error}");
    }
    let long = Timestamp::from("x".repeat(100_000));
    let error = time::OffsetDateTime::try_from(&long).unwrap_err();
    assert!(error.to_string().len() < 400, "{error}");
}
