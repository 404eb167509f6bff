//! Which items a caller can name, and how.

use std::collections::BTreeMap;

use syn::Item;

use super::modules::{ItemId, ModulePath, Modules, Target, is_public, named};
use super::text;

/// A path from the crate's root, and the conditions on the way.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) path: String,
    pub(crate) gates: Vec<String>,
}

/// All public names of a crate.
#[derive(Debug, Default)]
pub(crate) struct Names {
    items: BTreeMap<ItemId, Vec<Name>>,
    /// Modules and what other crates contribute, as they are listed.
    pub(crate) lines: Vec<String>,
}

impl Names {
    /// Follows `pub mod` and `pub use` from the crate's root.
    pub(crate) fn find(modules: &Modules) -> Self {
        let mut names = Self::default();
        names.visit(modules, &mut Vec::new(), &Vec::new(), &[], &[]);
        names
    }

    /// An item's shortest name.
    pub(crate) fn of(&self, id: &ItemId) -> Option<&Name> {
        let length = |name: &&Name| (name.path.matches("::").count(), name.path.clone());
        self.items.get(id)?.iter().min_by_key(length)
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = (&ItemId, &Vec<Name>)> {
        self.items.iter()
    }

    /// `path` is the module's public path, `above` the modules on the way, which may include each other.
    fn visit(
        &mut self,
        modules: &Modules,
        above: &mut Vec<ModulePath>,
        module: &ModulePath,
        path: &[String],
        gates: &[String],
    ) {
        if above.contains(module) {
            return;
        }
        let Some(inner) = modules.get(module) else { return };
        above.push(module.clone());
        if !path.is_empty() {
            self.lines.push(line(&path.join("::"), ": module", gates));
        }
        for (number, item) in inner.items.iter().enumerate() {
            let Some((name, visibility)) = named(item) else { continue };
            if !is_public(visibility) {
                continue;
            }
            let below = [path, std::slice::from_ref(&name)].concat();
            if let Item::Mod(item) = item {
                let gates = [gates, &text::gates(&item.attrs)].concat();
                let inner = [module.as_slice(), std::slice::from_ref(&name)].concat();
                self.visit(modules, above, &inner, &below, &gates);
            } else {
                self.add((module.clone(), number), &below, gates);
            }
        }
        for import in modules.imports(module).filter(|import| import.public) {
            let gates = [gates, &import.gates].concat();
            let below = [path, import.name.as_slice()].concat();
            for target in modules.resolve(module, &import.path, true) {
                match target {
                    Target::Item(id) => self.add(id, &below, &gates),
                    Target::Module(inner) => self.visit(modules, above, &inner, &below, &gates),
                    Target::Elsewhere(path) => self.elsewhere(&below, &path, &gates),
                }
            }
        }
        above.pop();
    }

    fn add(&mut self, id: ItemId, path: &[String], gates: &[String]) {
        let name = Name { path: path.join("::"), gates: gates.to_vec() };
        let names = self.items.entry(id).or_default();
        if names.iter().all(|known| known.path != name.path) {
            names.push(name);
        }
    }

    /// Another crate's item. The generated ones are in a listing of their own.
    fn elsewhere(&mut self, path: &[String], source: &[String], gates: &[String]) {
        if source.iter().all(|part| part != "generated") {
            let text = format!(": {}", source.join("::"));
            self.lines.push(line(&path.join("::"), &text, gates));
        }
    }
}

/// A line of the listing: a name, what is said of it, and its conditions in brackets.
pub(crate) fn line(path: &str, text: &str, gates: &[String]) -> String {
    let mut gates = gates.to_vec();
    gates.sort();
    gates.dedup();
    match gates.is_empty() {
        true => format!("{path}{text}"),
        false => format!("{path}{text} [{}]", gates.join(", ")),
    }
}
