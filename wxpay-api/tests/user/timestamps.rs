//! Times of answers, in every form that the documentation allows, as the types of other crates.

use wxpay_api::Timestamp;

/// The same second in both offsets, with and without milliseconds.
const ALIKE: [&str; 4] = [
    "2018-06-08T10:34:56+08:00",
    "2018-06-08T02:34:56Z",
    "2018-06-08T10:34:56.000+08:00",
    "2018-06-08T02:34:56.000Z",
];

/// Forms that some answers have all the same; the text is kept, and no time is made of it.
const OTHERS: [&str; 3] = ["20180608103456", "2018-06-08 10:34:56", ""];

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
        assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
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
    assert!(jiff::Timestamp::try_from(&Timestamp::from("20180608103456")).is_err());
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
    assert!(DateTime::<FixedOffset>::try_from(&Timestamp::from("20180608103456")).is_err());
    let time = DateTime::from_timestamp(SECONDS, 0).unwrap();
    assert_eq!(Timestamp::from(time).as_str(), "2018-06-08T02:34:56Z");
}
