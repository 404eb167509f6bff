//! Checks a descriptor folder and prints its mistakes or what is in it.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let dir = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("wxpay-spec"), PathBuf::from);
    match wxpay_spec::load(&dir) {
        Ok(spec) => {
            let operations: usize =
                spec.endpoints.values().map(|endpoint| endpoint.operations.len()).sum();
            println!(
                "{} URLs, {operations} operations, {} types, {} notifications",
                spec.endpoints.len(),
                spec.types.len(),
                spec.notifications.len(),
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
