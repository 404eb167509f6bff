//! Prints for people, and bears a reader that stops early, as in `cargo xtask check | head`.

/// Prints a line on standard output.
///
/// A line is dropped if the reader has stopped. The task goes on, because it may be about to write
/// files.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// Prints a line on standard error, as [`say`] does on standard output.
macro_rules! complain {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}

pub(crate) use {complain, say};
