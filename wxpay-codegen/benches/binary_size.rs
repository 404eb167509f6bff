//! Measures the binary of a minimal release client beside that of a bare reqwest program, and what building them costs.
//!
//! `cargo bench -p wxpay-codegen --bench binary_size` prints the table of `docs/benchmarks.md`. Unix only.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value, value};

/// The most MiB that the client adds to the bare program.
const BAR: f64 = 4.0;

const BARE: &str = r#"//! One request over TLS.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), reqwest::Error> {
    let url = std::env::args().nth(1).unwrap_or_default();
    let response = reqwest::get(url).await?;
    println!("{} {}", response.status(), response.text().await?);
    Ok(())
}
"#;

const CLIENT: &str = r#"//! One typed call: an order is queried.

use wxpay_api::{Client, Merchant};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let merchant = Merchant::from_files("1900000109", "apiclient_cert.pem", "apiclient_key.pem")?;
    let wx = Client::builder(merchant).wechatpay_public_key_file("PUB_KEY_ID_01", "pub_key.pem").build()?;
    let number = std::env::args().nth(1).unwrap_or_default();
    let query = wx.v3().pay().transactions().out_trade_no().out_trade_no(number.as_str());
    let order = query.get(|r| r.mchid(wx.id())).await?;
    println!("{}", order.trade_state.as_str());
    Ok(())
}
"#;

/// The cost of one program.
struct Built {
    /// Of the stripped binary, in MiB.
    size: f64,
    /// In seconds, with all dependencies.
    cpu: f64,
    /// In seconds.
    wall: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("binary-size");
    let manifest: DocumentMut = fs::read_to_string(workspace.join("Cargo.toml"))?.parse()?;
    let bare = build(
        "bare",
        BARE,
        ("reqwest", dependency(&manifest, "reqwest")?),
        &manifest,
        &workspace,
        &folder,
    )?;
    let mut library = InlineTable::new();
    library.insert("path", workspace.join("wxpay-api").to_string_lossy().as_ref().into());
    library.insert("default-features", false.into());
    library.insert("features", Value::Array(["pay"].into_iter().collect()));
    let client =
        build("client", CLIENT, ("wxpay-api", value(library)), &manifest, &workspace, &folder)?;
    println!(
        "| program, release and stripped | binary | above bare | cold build, CPU | wall |\n|---|--:|--:|--:|--:|"
    );
    for (name, built) in [("a bare reqwest program", &bare), ("a client with `pay` alone", &client)]
    {
        let Built { size, cpu, wall } = built;
        let above = size - bare.size;
        println!("| {name} | {size:.2} MiB | {above:.2} MiB | {cpu:.0} s | {wall:.0} s |");
    }
    println!("\nThe bar: the client adds at most {BAR:.1} MiB to the bare program.");
    match client.size - bare.size {
        above if above <= BAR => println!("The bar is met."),
        above => println!("Missed: it adds {above:.2} MiB."),
    }
    Ok(())
}

/// Builds a program from nothing, with the versions of the workspace's lock.
fn build(
    name: &str,
    source: &str,
    (library, item): (&str, Item),
    workspace: &DocumentMut,
    root: &Path,
    folder: &Path,
) -> Result<Built, Box<dyn Error>> {
    eprintln!("cargo build: {name}");
    let folder = folder.join(name);
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/main.rs"), source)?;
    fs::write(folder.join("Cargo.toml"), manifest(name, (library, item), workspace)?.to_string())?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let (begun, before) = (Instant::now(), cpu_of_children()?);
    let status = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--jobs", "2"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    if !status.success() {
        return Err(format!("the build of {name} failed: {status}").into());
    }
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), cpu_of_children()? - before);
    let binary: PathBuf = target.join("release").join(name);
    Ok(Built { size: fs::metadata(binary)?.len() as f64 / 1_048_576.0, cpu, wall })
}

fn manifest(
    name: &str,
    (library, item): (&str, Item),
    workspace: &DocumentMut,
) -> Result<DocumentMut, Box<dyn Error>> {
    let mut package = Table::new();
    package.insert("name", value(name));
    package.insert("edition", value("2024"));
    let mut tokio = InlineTable::new();
    let version = dependency(workspace, "tokio")?;
    let version = version.get("version").and_then(Item::as_str).ok_or("tokio has no version")?;
    tokio.insert("version", version.into());
    tokio.insert("default-features", false.into());
    tokio.insert("features", Value::Array(["macros", "rt"].into_iter().collect()));
    let mut dependencies = Table::new();
    dependencies.insert(library, item);
    dependencies.insert("tokio", value(tokio));
    let mut release = Table::new();
    release.insert("strip", value(true));
    let mut profile = Table::new();
    profile.insert("release", release.into());
    let mut manifest = DocumentMut::new();
    manifest.insert("package", package.into());
    manifest.insert("dependencies", dependencies.into());
    manifest.insert("profile", profile.into());
    manifest.insert("workspace", Table::new().into());
    Ok(manifest)
}

/// The workspace's entry of a dependency.
fn dependency(workspace: &DocumentMut, name: &str) -> Result<Item, Box<dyn Error>> {
    let path = ["workspace", "dependencies", name];
    let found = path.iter().try_fold(workspace.as_item(), |item, key| item.get(key));
    Ok(found.ok_or_else(|| format!("Cargo.toml has no {}", path.join(".")))?.clone())
}

/// The CPU of all processes that this one waited for, user and system, in seconds.
#[cfg(unix)]
fn cpu_of_children() -> Result<f64, Box<dyn Error>> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = [usage.user_time(), usage.system_time()];
    Ok(seconds.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum())
}

#[cfg(not(unix))]
fn cpu_of_children() -> Result<f64, Box<dyn Error>> {
    Err("what a process used is only known on Unix".into())
}
