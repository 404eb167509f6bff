//! Generates numbers as WeChat Pay's look, each once.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::protocol::Nonce;
use crate::sandbox::lifecycle::describe::model::TimeForm;
use crate::sandbox::lifecycle::keep::clock::Moment;

/// The factor that spreads consecutive numbers. It has no divisor in common with 10 or 62, so that no number
/// comes twice.
const SPREAD: u128 = 2_862_933_555_777_941_757;
/// How many characters at the end differ for each number.
const TAIL: usize = 10;
/// How many digits a day has.
const DAY: usize = 8;

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The source of generated numbers. Without a seed, it begins somewhere else for each sandbox.
#[derive(Debug)]
pub(in crate::sandbox) struct NumberSource {
    start: u64,
    made: AtomicU64,
}

/// How far a source of numbers is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct NumberPosition {
    start: u64,
    made: u64,
}

impl NumberSource {
    /// Makes a source. A seed fixes the numbers that follow.
    pub(in crate::sandbox) fn new(seed: Option<u64>) -> Self {
        if let Some(seed) = seed {
            return Self::at(NumberPosition { start: mix(seed), made: 0 });
        }
        // Without randomness the numbers of two sandboxes are the same, which harms no test.
        let random = Nonce::random().map(|nonce| nonce.as_str().to_owned()).unwrap_or_default();
        let start = random.bytes().fold(0, |start: u64, byte| mix(start ^ u64::from(byte)));
        Self::at(NumberPosition { start, made: 0 })
    }

    /// Goes on where another source stopped.
    pub(in crate::sandbox) fn at(position: NumberPosition) -> Self {
        Self { start: position.start, made: AtomicU64::new(position.made) }
    }

    /// Returns how far the source is. It never makes the numbers before again.
    pub(in crate::sandbox) fn position(&self) -> NumberPosition {
        NumberPosition { start: self.start, made: self.made.load(Ordering::Relaxed) }
    }

    /// Makes a number of a prefix and so many digits, or letters and digits. Long numbers contain the day.
    pub(in crate::sandbox) fn next(
        &self,
        prefix: &str,
        length: usize,
        digits: bool,
        now: Moment,
    ) -> String {
        let count = self.made.fetch_add(1, Ordering::Relaxed);
        let alphabet = if digits { DIGITS } else { LETTERS };
        let tail = if length <= DAY + TAIL { length.min(2 * TAIL) } else { TAIL };
        let mut rest = length - tail;
        let day = now.write(TimeForm::CompactDate);
        let day = day.as_str().filter(|_| digits && rest >= DAY).unwrap_or_default();
        rest = rest.saturating_sub(day.len());
        let mut text = prefix.to_owned();
        let mut random = mix(self.start ^ count);
        for _ in 0..rest {
            random = mix(random);
            push(&mut text, alphabet, random % alphabet.len() as u64);
        }
        text.push_str(day);
        let size = alphabet.len() as u128;
        let spread = (u128::from(count) * SPREAD + u128::from(self.start)) % size.pow(20);
        let mut divisor = 1;
        let mut characters = Vec::new();
        for _ in 0..tail {
            characters.push(spread / divisor % size);
            divisor = divisor.saturating_mul(size);
        }
        // The last characters change the fastest, and are the first of the division.
        for index in characters.into_iter().rev() {
            push(&mut text, alphabet, u64::try_from(index).unwrap_or_default());
        }
        text
    }
}

fn push(text: &mut String, alphabet: &[u8], index: u64) {
    let index = usize::try_from(index).unwrap_or_default();
    text.push(alphabet.get(index).copied().map_or('0', char::from));
}

/// Mixes the bits of a number (SplitMix64).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
