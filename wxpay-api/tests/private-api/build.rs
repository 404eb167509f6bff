//! Generates this crate's own API, as docs/descriptor.md explains.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=descriptors");
    let spec = wxpay_spec::load(Path::new("descriptors"))?;
    let code = wxpay_codegen::generate_single(&spec)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("greyscale.rs"), code)?;
    Ok(())
}
