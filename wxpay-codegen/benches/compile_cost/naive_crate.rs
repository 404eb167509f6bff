use std::error::Error;
use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

/// Writes the naive crate to a folder: the workspace's profiles, its versions of serde, its lock.
pub(crate) fn write(source: &str, workspace: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let manifest: DocumentMut = fs::read_to_string(workspace.join("Cargo.toml"))?.parse()?;
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), source)?;
    fs::write(folder.join("Cargo.toml"), own_manifest(&manifest)?.to_string())?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn own_manifest(workspace: &DocumentMut) -> Result<DocumentMut, Box<dyn Error>> {
    let entry = |path: &[&str]| -> Result<Item, Box<dyn Error>> {
        let found = path.iter().try_fold(workspace.as_item(), |item, key| item.get(key));
        Ok(found.ok_or_else(|| format!("Cargo.toml has no {}", path.join(".")))?.clone())
    };
    let mut package = Table::new();
    package.insert("name", value("naive"));
    package.insert("edition", entry(&["workspace", "package", "edition"])?);
    let mut dependencies = Table::new();
    for name in ["serde", "serde_json"] {
        dependencies.insert(name, entry(&["workspace", "dependencies", name])?);
    }
    let mut manifest = DocumentMut::new();
    manifest.insert("package", package.into());
    manifest.insert("dependencies", dependencies.into());
    manifest.insert("profile", entry(&["profile"])?);
    manifest.insert("workspace", Table::new().into());
    Ok(manifest)
}
