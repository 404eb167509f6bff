//! Generates this crate's own API from its own descriptors.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=descriptors");
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    match generate(Path::new("descriptors"), Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn generate(descriptors: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let spec = wxpay_spec::load(descriptors)?;
    let output = wxpay_codegen::generate(&spec, wxpay_codegen::Target::Crate)?;
    for (name, content) in output.files {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}
