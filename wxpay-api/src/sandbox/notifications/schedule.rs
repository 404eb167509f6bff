//! The official schedules by which WeChat Pay repeats notifications.

use std::time::Duration;

/// The official pauses between the attempts to deliver a notification ([protocol §8.4]).
///
/// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Schedule(&'static [(usize, u64)]);

// Pairs: a number of pauses, and the length of each in seconds.
const DEFAULT: Schedule = Schedule(&[
    (2, 15),
    (1, 30),
    (1, 180),
    (1, 600),
    (1, 1200),
    (3, 1800),
    (1, 3600),
    (3, 10800),
    (2, 21600),
]);
const TRANSFER: Schedule = Schedule(&[(1, 0), (10, 15), (10, 300), (44, 1800)]);
const ELEVEN_MINUTES: Schedule = Schedule(&[(11, 60)]);
const NINE_MINUTES: Schedule = Schedule(&[(9, 60)]);
const EDUCATION: Schedule = Schedule(&[(1, 1), (10, 60), (10, 300)]);
const ECOMMERCE: Schedule = Schedule(&[(1, 0), (3, 10), (3, 30), (23, 300)]);
const OVERSEAS: Schedule = Schedule(&[(2, 15), (1, 30), (1, 180), (4, 1800), (1, 3600)]);

impl Schedule {
    /// Returns the schedule of most products: 15 repeats within 24 hours and 4 minutes.
    #[must_use]
    pub const fn standard() -> Self {
        DEFAULT
    }

    /// Returns the schedule of overseas payments.
    #[must_use]
    pub const fn overseas() -> Self {
        OVERSEAS
    }

    /// Returns a schedule without repeats.
    #[must_use]
    pub const fn once() -> Self {
        Self(&[])
    }

    /// Returns the schedule of an event in mainland China.
    #[must_use]
    pub fn of(event_type: &str) -> Self {
        match event_type {
            "COUPON.SEND" | "PAYSCORE.USER_SIGN_PLAN" | "PAYSCORE.USER_CANCEL_SIGN_PLAN" => {
                ELEVEN_MINUTES
            }
            "COUPON.USE" => NINE_MINUTES,
            "ENTRUST.SIGNING" => EDUCATION,
            "ENTRUST.TERMINATE_RETENTION" => Self::once(),
            _ if event_type.starts_with("MCHTRANSFER.") => TRANSFER,
            _ if event_type.starts_with("ECOMMERCE_ENTRUST.") => ECOMMERCE,
            _ => Self::standard(),
        }
    }

    /// Returns the pause before each further attempt.
    pub fn pauses(self) -> impl Iterator<Item = Duration> {
        let runs = self.0.iter();
        runs.flat_map(|&(times, seconds)| std::iter::repeat_n(Duration::from_secs(seconds), times))
    }
}
