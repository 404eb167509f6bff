//! The order in which files are read does not show.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

mod support;

use wxpay_spec::read;

#[test]
fn files_may_come_in_any_order() {
    for kind in ["good", "meaning", "shape", "syntax"] {
        for case in support::cases(kind) {
            let files = support::files(&case);
            let forwards = read(files.clone());
            let backwards = read(files.clone().into_iter().rev());
            assert_eq!(forwards, backwards, "{}", case.display());
            let (odd, even): (Vec<_>, Vec<_>) =
                files.into_iter().enumerate().partition(|(index, _)| index % 2 == 1);
            let mixed = read(odd.into_iter().chain(even).map(|(_, file)| file));
            assert_eq!(forwards, mixed, "{}", case.display());
        }
    }
}
