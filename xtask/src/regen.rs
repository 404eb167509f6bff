//! `regen`: writes the generated files, or checks that they are up to date.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use wxpay_codegen::{Counts, Library};

use crate::breaking::breaking;
use crate::last_run::LastRun;
use crate::listing::listing;
use crate::manifest;
use crate::needs;
use crate::output::{complain, say};
use crate::root_modules;
use crate::workspace::{Plan, Workspace};

const GENERATED: &str = "wxpay-api/src/generated";
const PUBLIC_API: &str = "wxpay-api/public-api.txt";
/// The crates whose hand-written API is listed, and where.
const LISTINGS: [(&str, &str); 3] = [
    ("wxpay-api", "wxpay-api/public-api-runtime.txt"),
    ("wxpay-codegen", "wxpay-codegen/public-api.txt"),
    ("wxpay-spec", "wxpay-spec/public-api.txt"),
];
const SCHEMA: &str = "wxpay-spec/descriptor.schema.json";
const OPERATIONS: &str = "wxpay-spec/operations.txt";
const SAMPLES: &str = "wxpay-api/tests/catalogue/samples.rs";
/// What the program `wxpay` knows of the descriptors.
const CATALOGUE: &str = "wxpay-api/cli/src/catalogue/catalogue.jsonl.gz";
/// The manifest of that program. A workspace without it needs no catalogue.
const PROGRAM: &str = "wxpay-api/cli/Cargo.toml";
const REFERENCE: &str = "docs/reference";
const REFERENCE_SAMPLES: &str = "wxpay-api/tests/reference/samples.rs";
/// The library's root, which declares the generated modules.
const ROOT: &str = "wxpay-api/src/lib.rs";
const MANIFEST: &str = "wxpay-api/Cargo.toml";

/// Every generated file, in memory.
struct Wanted {
    files: BTreeMap<PathBuf, Vec<u8>>,
    counts: Counts,
}

/// Writes every generated file, or nothing if a descriptor has a mistake.
pub(crate) fn write(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    if let Some(last) = LastRun::still_valid(workspace) {
        let seconds = start.elapsed().as_secs_f32();
        say!("{}: nothing changed since the last run, seen in {seconds:.1} s", last.summary);
        return Ok(());
    }
    let wanted = compute(workspace)?;
    let plan = Plan::new(&wanted.files, &owned(workspace))?;
    if let Some(path) = plan.foreign.iter().find(|path| wanted.files.contains_key(*path)) {
        let path = workspace.shown(path);
        return Err(format!("{path} is in the way and not generated: move it away").into());
    }
    report_breaking(workspace, &wanted);
    plan.apply(&wanted.files, &owned(workspace))?;
    for path in &plan.foreign {
        complain!("not generated, left as it is: {}", workspace.shown(path));
    }
    let summary = format!("{} operations, {} types", wanted.counts.operations, wanted.counts.types);
    // The sentences about files that are in the way must come again.
    if plan.foreign.is_empty() {
        LastRun::note(workspace, &summary);
    }
    say!(
        "{summary}: {} files written, {} unchanged, {} removed in {:.1} s",
        plan.missing.len() + plan.stale.len(),
        plan.unchanged,
        plan.extra.len(),
        start.elapsed().as_secs_f32(),
    );
    Ok(())
}

/// Names every file that `write` would change, and writes nothing.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    let wanted = compute(workspace)?;
    let plan = Plan::new(&wanted.files, &owned(workspace))?;
    if plan.is_done() {
        say!("{} files are as the descriptors ask", plan.unchanged);
        return Ok(());
    }
    let lists = [
        ("stale", &plan.stale),
        ("missing", &plan.missing),
        ("extra", &plan.extra),
        ("not generated", &plan.foreign),
        ("left by an interrupted run", &plan.leftover),
    ];
    for (what, paths) in lists {
        for path in paths {
            complain!("{what}: {}", workspace.shown(path));
        }
    }
    Err("run `cargo xtask regen` and commit the result".into())
}

/// The folders that hold only generated files.
fn owned(workspace: &Workspace) -> [PathBuf; 2] {
    [GENERATED, REFERENCE].map(|folder| workspace.path(folder))
}

/// Reads the manifest of the library that the generated files belong to.
fn manifest(workspace: &Workspace) -> Result<String, String> {
    let path = workspace.path(MANIFEST);
    fs::read_to_string(&path).map_err(|error| {
        format!(
            "cannot read {}: {error}\nregen writes into the library of a whole workspace, with \
             {MANIFEST}; `check`, `import`, `tidy` and `new` need descriptors only",
            path.display()
        )
    })
}

fn compute(workspace: &Workspace) -> Result<Wanted, Box<dyn Error>> {
    let spec = workspace.load()?;
    let manifest = manifest(workspace)?;
    needs::check(workspace, &spec)?;
    let Library { output, samples, reference, catalogue } = wxpay_codegen::library(&spec)?;
    let root = root(workspace, output.files.keys().map(String::as_str))?;
    let below = |folder: &str, path: &str| workspace.path(&format!("{folder}/{path}"));
    let code = output.files.into_iter().map(|(path, text)| (below(GENERATED, &path), text));
    let pages = reference.pages.into_iter();
    let pages = pages.map(|(path, text)| (below(REFERENCE, &path), text.into_bytes()));
    let mut files: BTreeMap<_, _> = code.chain(pages).collect();
    files.extend(root.map(|text| (workspace.path(ROOT), text.into_bytes())));
    let manifest = manifest::with_features(&manifest, &output.features)?;
    files.insert(workspace.path(MANIFEST), manifest.into_bytes());
    files.insert(workspace.path(PUBLIC_API), output.public_api.into_bytes());
    for (name, path) in LISTINGS {
        let folder = workspace.path(name);
        if folder.join("src/lib.rs").exists() {
            files.insert(workspace.path(path), listing(&folder)?.into_bytes());
        }
    }
    if workspace.path(PROGRAM).exists() {
        files.insert(workspace.path(CATALOGUE), catalogue);
    }
    files.insert(workspace.path(OPERATIONS), wxpay_spec::operations(&spec).into_bytes());
    files.insert(workspace.path(SCHEMA), wxpay_spec::json_schema().into_bytes());
    files.insert(workspace.path(SAMPLES), samples.into_bytes());
    files.insert(workspace.path(REFERENCE_SAMPLES), reference.samples.into_bytes());
    Ok(Wanted { files, counts: output.counts })
}

/// The library's root with the declarations of modules. A workspace without the library's code has no root.
fn root<'a>(
    workspace: &Workspace,
    files: impl Iterator<Item = &'a str>,
) -> Result<Option<String>, Box<dyn Error>> {
    let path = workspace.path(ROOT);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(root_modules::with_modules(&fs::read_to_string(path)?, files)?))
}

/// Reports the changes of the public API after which callers' code may not compile.
fn report_breaking(workspace: &Workspace, wanted: &Wanted) {
    let before = |name| fs::read_to_string(workspace.path(name)).unwrap_or_default();
    let after = |name| {
        let listing = wanted.files.get(&workspace.path(name)).map(Vec::as_slice);
        String::from_utf8_lossy(listing.unwrap_or_default()).into_owned()
    };
    for sentence in breaking(&before(PUBLIC_API), &after(PUBLIC_API)) {
        complain!("{sentence}");
    }
    for (_, name) in LISTINGS {
        let after = after(name);
        let after: BTreeSet<_> = after.lines().collect();
        for line in before(name).lines().filter(|line| !after.contains(line)) {
            complain!("breaking, gone or changed: {line}");
        }
    }
}
