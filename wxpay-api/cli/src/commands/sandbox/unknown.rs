//! Warns when a request names a merchant that the sandbox did not make.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use wxpay_api::sandbox::UnknownSender;

/// How long the same sender is not warned of again.
const PAUSE: Duration = Duration::from_secs(60);
/// The most senders that are told apart within the pause.
const MOST_SENDERS: usize = 20;
/// The longest text of a request in a warning.
const LONGEST: usize = 64;

/// The senders of the last minute, each with the time of its warning and the warnings left out since.
#[derive(Debug, Default)]
pub(super) struct UnknownSenders(Mutex<BTreeMap<(String, String), (Instant, u64)>>);

impl UnknownSenders {
    /// Writes a warning to stderr, unless the same sender had one within the last minute.
    pub(super) fn warn(&self, sender: &UnknownSender) {
        if let Some(left_out) = self.is_due(sender) {
            anstream::eprintln!("{}", warning(sender, left_out));
        }
    }

    /// Returns how many warnings were left out before this one; `None` if this one is left out, too.
    fn is_due(&self, sender: &UnknownSender) -> Option<u64> {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (printable(&sender.id), printable(&sender.serial_no));
        if let Some((warned, left_out)) = senders.get_mut(&key) {
            if warned.elapsed() < PAUSE {
                *left_out += 1;
                return None;
            }
            *warned = Instant::now();
            return Some(std::mem::take(left_out));
        }
        senders.retain(|_, (warned, _)| warned.elapsed() < PAUSE);
        if senders.len() >= MOST_SENDERS {
            return None;
        }
        senders.insert(key, (Instant::now(), 0));
        Some(0)
    }
}

fn warning(sender: &UnknownSender, left_out: u64) -> String {
    let (id, serial) = (printable(&sender.id), printable(&sender.serial_no));
    let unknown = match sender.id_is_known {
        true => format!("the certificate {serial} is not that of merchant {id}"),
        false => format!("merchant {id} with the certificate {serial} is not of this sandbox"),
    };
    let repeated = match left_out {
        0 => String::new(),
        count => format!(" ({count} more requests since the last warning)"),
    };
    format!(
        "warning: refused {} with 401: {unknown}. The sandbox knows only merchants that it made. If these are the keys \
         of a real merchant, your program is not set up for the sandbox: use the files in its folder.{repeated}",
        printable(&sender.operation)
    )
}

/// Shortens a text from a request, and escapes what would control a terminal.
fn printable(text: &str) -> String {
    text.chars().take(LONGEST).flat_map(char::escape_debug).collect()
}
