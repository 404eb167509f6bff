//! Measures `cargo xtask` with several times as many descriptors as there are.
//!
//! `cargo bench -p xtask --bench scale --profile regen` prints the table of `docs/benchmarks.md`; `-- 1 2` measures
//! these multiples only. Unix only.

mod copies;
mod measured;

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use copies::Catalogue;
use measured::Measured;

/// How many times the catalogue.
const SIZES: [usize; 4] = [1, 2, 5, 10];

/// The most time that a descriptor may take, compared with one of the catalogue alone.
const BAR: f64 = 1.5;

/// Regeneration, and the import of what the export wrote.
struct Row {
    size: usize,
    operations: usize,
    tasks: [(&'static str, Measured); 2],
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some((measured::FLAG, arguments)) =
        arguments.split_first().map(|(first, rest)| (first.as_str(), rest))
    {
        return measured::child(arguments);
    }
    let sizes = arguments.iter().map(|size| size.parse()).collect::<Result<Vec<usize>, _>>()?;
    let sizes = if sizes.is_empty() { SIZES.to_vec() } else { sizes };
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let catalogue = Catalogue::read(&workspace)?;
    let rows = sizes.into_iter().map(|size| measure(&catalogue, size));
    print(&rows.collect::<Result<Vec<_>, _>>()?);
    Ok(())
}

/// Writes the copies into an empty folder, and measures the tasks there.
fn measure(catalogue: &Catalogue, size: usize) -> Result<Row, Box<dyn Error>> {
    eprintln!("{size} times the catalogue");
    let folder: PathBuf = [env!("CARGO_TARGET_TMPDIR"), "scale"].iter().collect();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    catalogue.write(&folder, size)?;
    let root = folder.to_string_lossy();
    let document = folder.join("openapi.json");
    let document = document.to_string_lossy();
    let regeneration = Measured::of(&["--root", &root, "regen"])?;
    Measured::of(&["--root", &root, "export", "openapi", &document])?;
    let import = Measured::of(&["--root", &root, "import", "--dry-run", &document])?;
    fs::remove_dir_all(&folder)?;
    let tasks = [("regeneration", regeneration), ("OpenAPI import", import)];
    Ok(Row { size, operations: size * catalogue.operations, tasks })
}

fn print(rows: &[Row]) {
    println!("| | operations | CPU, s | a descriptor's, of the first | memory, MiB |");
    println!("|---|--:|--:|--:|--:|");
    let mut most: f64 = 0.0;
    for (task, (name, _)) in rows.first().iter().flat_map(|row| row.tasks.iter().enumerate()) {
        let mut first = None;
        for Row { size, operations, tasks } in rows {
            let Some((_, Measured { cpu, memory })) = tasks.get(task) else { continue };
            let each = cpu / *size as f64;
            let ratio = each / *first.get_or_insert(each);
            most = most.max(ratio);
            println!("| {name}, {size}× | {operations} | {cpu:.1} | {ratio:.2} | {memory:.0} |");
        }
    }
    println!("\nThe bar: a descriptor takes at most {BAR:.2} times the CPU of one of the first.");
    println!(
        "{}",
        if most <= BAR { "The bar is met.".into() } else { format!("Missed: {most:.2}.") }
    );
}
