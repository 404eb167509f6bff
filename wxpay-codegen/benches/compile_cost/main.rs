//! Measures the cost of building `wxpay-api`, beside naive code from the same descriptors.
//!
//! `cargo bench -p wxpay-codegen --bench compile_cost` prints the table of `docs/compile-cost.md`.

mod measure;
mod naive;
mod wrapper;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use wxpay_codegen::{Output, Target};
use wxpay_spec::model::Spec;

use measure::{Bench, Cost, Subject};
use naive::Naive;

/// Measures the cost of compiling `wxpay-api`, and of naive code from the same descriptors.
#[derive(Parser)]
struct Arguments {
    /// The number of builds. The best one counts.
    #[arg(long, default_value_t = 1)]
    runs: u32,
    /// The crates to build. All of them by default.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Subject::ALL)]
    only: Vec<Subject>,
    /// The flag that `cargo bench` passes to every bench.
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
    naive::write_crate(&naive.source, &workspace, &bench.naive_folder())?;
    print_sizes(&spec, &naive)?;
    let mut rows = Vec::new();
    for &subject in &arguments.only {
        rows.push((subject, bench.cost(subject, arguments.runs)?));
    }
    print!("{}", table(&rows));
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

const HEAD: &str = "\
| Crate | check, CPU | build, CPU | build, above bare | build, of naive | peak memory | memory, of naive |
|---|--:|--:|--:|--:|--:|--:|
";

/// The table. Comparisons with a crate that was not built stay empty.
fn table(rows: &[(Subject, Cost)]) -> String {
    let of = |wanted| rows.iter().find(|(subject, _)| *subject == wanted).map(|(_, cost)| cost);
    let lines = rows.iter().map(|(subject, cost)| {
        let above = of(Subject::Bare).map(|bare| seconds(cost.build.cpu - bare.build.cpu));
        let time = of(Subject::Naive).map(|naive| percent(cost.build.cpu, naive.build.cpu));
        let memory = of(Subject::Naive).map(|naive| percent(cost.build.memory, naive.build.memory));
        format!(
            "| {} | {} | {} | {} | {} | {:.0} MiB | {} |\n",
            label(*subject),
            seconds(cost.check.cpu),
            seconds(cost.build.cpu),
            above.unwrap_or_default(),
            time.unwrap_or_default(),
            cost.build.memory,
            memory.unwrap_or_default(),
        )
    });
    HEAD.chars().chain(lines.collect::<String>().chars()).collect()
}

fn label(subject: Subject) -> &'static str {
    match subject {
        Subject::Naive => "naive emission",
        Subject::All => "`wxpay-api`, all features",
        Subject::Default => "`wxpay-api`, default features",
        Subject::Payscore => "`wxpay-api`, `payscore`",
        Subject::Bare => "`wxpay-api`, bare",
    }
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.1} s")
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.0} %", 100.0 * part / whole)
}
