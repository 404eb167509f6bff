//! Generates this crate's own API, as docs/descriptor.md explains.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=descriptors");
    let spec = wxpay_spec::load(Path::new("descriptors"))?;
    let output = wxpay_codegen::generate(&spec, wxpay_codegen::Target::Crate)?;
    let folder = env::var("OUT_DIR")?;
    for (name, content) in output.files {
        fs::write(Path::new(&folder).join(name), content)?;
    }
    Ok(())
}
