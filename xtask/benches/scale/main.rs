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
const TASKS: [&str; 2] = ["regeneration", "OpenAPI import"];

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
    let folder: PathBuf = [env!("CARGO_TARGET_TMPDIR"), "scale"].iter().collect();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let most = measure_all(&catalogue, &folder, &sizes)?;
    fs::remove_dir_all(&folder)?;
    println!("\nThe bar: a descriptor takes at most {BAR:.2} times the CPU of one of the first.");
    match most <= BAR {
        true => println!("The bar is met."),
        false => println!("Missed: {most:.2}."),
    }
    Ok(())
}

/// Measures and prints one size after the other, and returns the largest ratio.
fn measure_all(
    catalogue: &Catalogue,
    folder: &Path,
    sizes: &[usize],
) -> Result<f64, Box<dyn Error>> {
    println!(
        "| | operations | user, s | system, s | a descriptor's user CPU, of the first | memory, MiB |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    let (mut first, mut most) = (None, 0.0_f64);
    for size in sizes {
        let measured = measure(catalogue, &folder.join(size.to_string()), *size)?;
        let each = measured.each_ref().map(|measured| measured.user / *size as f64);
        let of_first = *first.get_or_insert(each);
        let operations = size * catalogue.operations;
        for (((task, measured), each), first) in TASKS.iter().zip(&measured).zip(each).zip(of_first)
        {
            let Measured { user, system, memory } = measured;
            let ratio = each / first;
            most = most.max(ratio);
            println!(
                "| {task}, {size}× | {operations} | {user:.1} | {system:.1} | {ratio:.2} | {memory:.0} |"
            );
        }
    }
    Ok(most)
}

/// Writes the copies into a new folder, and measures the tasks there. Folders are removed at the end: new files cost
/// more soon after many were removed.
fn measure(
    catalogue: &Catalogue,
    folder: &Path,
    size: usize,
) -> Result<[Measured; 2], Box<dyn Error>> {
    catalogue.write(folder, size)?;
    let root = folder.to_string_lossy();
    let document = folder.join("openapi.json");
    let document = document.to_string_lossy();
    let regeneration = Measured::of(&["--root", &root, "regen"])?;
    Measured::of(&["--root", &root, "export", "openapi", &document])?;
    let import = Measured::of(&["--root", &root, "import", "--dry-run", &document])?;
    Ok([regeneration, import])
}
