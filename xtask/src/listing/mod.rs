//! The hand-written public API as text: one sorted line per item, read from the sources.
//!
//! The listing follows `pub mod` and `pub use` from `lib.rs`, so that it needs no compiler and no nightly rustdoc. Types
//! stand in it as the sources write them. Macros are not expanded: what they declare and what they are given is listed.

mod impls;
mod items;
mod macros;
mod modules;
mod names;
mod text;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use syn::Item;

use impls::Impls;
use modules::{Modules, attributes};
use names::{Names, line};

/// The listing of the crate in `folder`.
pub(crate) fn listing(folder: &Path) -> Result<String, Box<dyn Error>> {
    let modules = Modules::read(folder)?;
    let names = Names::find(&modules);
    let mut lines = names.lines.clone();
    for (id, all) in names.items() {
        let (Some(name), Some(item)) = (names.of(id), modules.item(id)) else { continue };
        let module = modules.get(&id.0).map(|module| module.gates.as_slice()).unwrap_or_default();
        let gates = [name.gates.as_slice(), module, &text::gates(attributes(item))].concat();
        lines.extend(items::lines(&name.path, item, &gates));
        for other in all.iter().filter(|other| other.path != name.path) {
            lines.push(line(&other.path, &format!(": the same as {}", name.path), &other.gates));
        }
    }
    lines.extend(Impls::lines(&modules, &names));
    lines.extend(of_macros(&modules));
    lines.sort();
    lines.dedup();
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}

/// What the crate's macros declare, and what each call outside of functions gives to them.
fn of_macros(modules: &Modules) -> Vec<String> {
    let mut lines = Vec::new();
    let mut declaring = BTreeSet::new();
    let items = || {
        modules
            .iter()
            .flat_map(|(path, module)| module.items.iter().map(move |i| (path, module, i)))
    };
    for (_, _, item) in items() {
        let Item::Macro(definition) = item else { continue };
        let Some(name) = &definition.ident else { continue };
        for declaration in macros::declarations(&definition.mac.tokens) {
            declaring.insert(name.to_string());
            lines.push(format!("macro {name}!: {declaration}"));
        }
    }
    for (path, module, item) in items() {
        let Item::Macro(call) = item else { continue };
        let name = call.mac.path.segments.last().map(|part| part.ident.to_string());
        let Some(name) = name.filter(|name| call.ident.is_none() && declaring.contains(name))
        else {
            continue;
        };
        let gates = [module.gates.as_slice(), &text::gates(&call.attrs)].concat();
        for argument in macros::arguments(&call.mac.tokens) {
            let text = format!(": {name}!: {argument}");
            lines.push(line(&path.join("::"), &text, &gates));
        }
    }
    lines
}
