//! Generates this crate's own API from its own descriptors.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=descriptors");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Box<dyn Error>> {
    let spec = wxpay_spec::load(Path::new("descriptors"))?;
    let output = wxpay_codegen::generate(&spec, wxpay_codegen::Target::Crate)?;
    let folder = env::var("OUT_DIR")?;
    for (name, content) in output.files {
        fs::write(Path::new(&folder).join(name), content)?;
    }
    Ok(())
}
