//! What building `wxpay-api` costs, beside a naive emission of the same descriptors.
//!
//! `cargo bench -p wxpay-codegen --bench compile_cost` prints the table of `docs/compile-cost.md`.

mod measure;
mod naive;
mod naive_crate;
mod objects;
mod subject;
mod table;
mod wrapper;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use wxpay_codegen::{Output, Target};
use wxpay_spec::model::Spec;

use measure::Bench;
use naive::Naive;
use subject::Subject;

/// Measures what rustc needs for `wxpay-api` and for a naive emission of the same descriptors.
#[derive(Parser)]
struct Arguments {
    /// How often everything is built; the best run counts.
    #[arg(long, default_value_t = 1)]
    runs: u32,
    /// The crates to build, all of them unless said otherwise.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Subject::ALL)]
    only: Vec<Subject>,
    /// What `cargo bench` says to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let result = match wrapper::invocation() {
        Some(invocation) => invocation.run(),
        None => compare(&Arguments::parse()).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn compare(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let spec = wxpay_spec::load(&workspace.join("wxpay-spec"))?;
    let naive = naive::emit(&spec)?;
    let bench = Bench::new(&workspace)?;
    naive_crate::write(&naive.source, &workspace, &bench.naive_folder())?;
    print_sizes(&spec, &naive)?;
    let mut rows = Vec::new();
    for &subject in &arguments.only {
        rows.push((subject, bench.cost(subject, arguments.runs)?));
    }
    print!("{}", table::markdown(&rows));
    Ok(())
}

fn print_sizes(spec: &Spec, naive: &Naive) -> Result<(), wxpay_codegen::Errors> {
    let Output { files, counts, .. } = wxpay_codegen::generate(spec, Target::Library)?;
    let code = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    let lines: usize = code.map(|(_, text)| String::from_utf8_lossy(text).lines().count()).sum();
    println!("{} operations, {} notifications", counts.operations, spec.notifications.len());
    println!("naive: {} structs, {} lines", naive.structs, naive.source.lines().count());
    println!("wxpay-api: {} types, {lines} lines generated\n", counts.types);
    Ok(())
}
