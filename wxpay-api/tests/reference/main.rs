//! The samples of the reference in `docs/reference`, which compile and are never run.
//!
//! [`samples`] is generated: the body of each function is what a page shows.

#![allow(dead_code, reason = "that they compile is the test")]

use wxpay_api::Client;

#[rustfmt::skip]
#[allow(non_snake_case, reason = "a place in the URL is a function's name, underscores and all")]
#[allow(deprecated, reason = "what should not be used any more has a page too")]
mod samples;

/// A sample shows how to make a call, not how to treat each failure.
type Done = Result<(), Box<dyn std::error::Error>>;
