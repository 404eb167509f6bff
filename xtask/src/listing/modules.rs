//! A crate's modules as written: which items are where, and which name means what.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use syn::{Attribute, Expr, Item, Lit, Meta, MetaNameValue, UseTree, Visibility};

use super::text;

/// The generated modules have a listing of their own.
const GENERATED: &str = "generated";

/// A path of modules from the crate's root, whose own path is empty.
pub(crate) type ModulePath = Vec<String>;

/// The place of an item: its module, and its number there.
pub(crate) type ItemId = (ModulePath, usize);

/// A module with its items, without those that only tests have.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) items: Vec<Item>,
    /// The `cfg` conditions on the way to it.
    pub(crate) gates: Vec<String>,
    imports: Vec<Import>,
}

/// One name that a `use` brings.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    /// The name here; none for `*`.
    pub(crate) name: Option<String>,
    pub(crate) path: Vec<String>,
    pub(crate) public: bool,
    pub(crate) gates: Vec<String>,
}

/// What a path leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Target {
    Module(ModulePath),
    Item(ItemId),
    /// Another crate's, or generated.
    Elsewhere(Vec<String>),
}

/// All modules of a crate.
#[derive(Debug, Default)]
pub(crate) struct Modules(BTreeMap<ModulePath, Module>);

impl Modules {
    /// Reads the crate whose root is `src/lib.rs` in `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let mut modules = Self::default();
        let source = folder.join("src");
        modules.add_file(&source.join("lib.rs"), &source, Vec::new(), Vec::new())?;
        Ok(modules)
    }

    /// The module at a path.
    pub(crate) fn get(&self, path: &[String]) -> Option<&Module> {
        self.0.get(path)
    }

    /// The item at a place.
    pub(crate) fn item(&self, (module, number): &ItemId) -> Option<&Item> {
        self.get(module)?.items.get(*number)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ModulePath, &Module)> {
        self.0.iter()
    }

    /// `children` is the folder of the module's own modules.
    fn add_file(
        &mut self,
        file: &Path,
        children: &Path,
        path: ModulePath,
        gates: Vec<String>,
    ) -> Result<(), Box<dyn Error>> {
        let source = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let parsed = syn::parse_file(&source).map_err(|e| format!("{}: {e}", file.display()))?;
        self.add(parsed.items, children, path, gates)
    }

    fn add(
        &mut self,
        items: Vec<Item>,
        children: &Path,
        path: ModulePath,
        gates: Vec<String>,
    ) -> Result<(), Box<dyn Error>> {
        let unlisted = |item: &Item| is_for_tests(item) || is_generated(item);
        let items: Vec<_> = items.into_iter().filter(|item| !unlisted(item)).collect();
        let mut imports = Vec::new();
        for item in &items {
            match item {
                Item::Use(item) => {
                    let start = Import {
                        name: None,
                        path: Vec::new(),
                        public: is_public(&item.vis),
                        gates: text::gates(&item.attrs),
                    };
                    flatten(&item.tree, &start, &mut imports);
                }
                Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let folder = children.join(&name);
                    let below = [path.as_slice(), std::slice::from_ref(&name)].concat();
                    let mut gates = gates.clone();
                    gates.extend(text::gates(&module.attrs));
                    if let Some((_, items)) = &module.content {
                        self.add(items.clone(), &folder, below, gates)?;
                        continue;
                    }
                    let flat = children.join(format!("{name}.rs"));
                    let file = if flat.exists() { flat } else { folder.join("mod.rs") };
                    self.add_file(&file, &folder, below, gates)?;
                }
                _ => {}
            }
        }
        self.0.insert(path, Module { items, gates, imports });
        Ok(())
    }

    /// Everything that `path`, written in `module`, may mean; only public names where `public`.
    pub(crate) fn resolve(&self, module: &[String], path: &[String], public: bool) -> Vec<Target> {
        self.follow(module, path, public, 0)
    }

    fn follow(&self, module: &[String], path: &[String], public: bool, depth: u8) -> Vec<Target> {
        // A circle of imports leads nowhere.
        const DEEPEST: u8 = 12;
        let elsewhere = || vec![Target::Elsewhere(path.to_vec())];
        let Some((first, rest)) = path.split_first().filter(|_| depth < DEEPEST) else {
            return Vec::new();
        };
        let start = match first.as_str() {
            "crate" | "wxpay_api" => Some(Vec::new()),
            "self" => Some(module.to_vec()),
            "super" => module.split_last().map(|(_, above)| above.to_vec()),
            _ => None,
        };
        if let Some(start) = start {
            return match rest {
                [] => vec![Target::Module(start)],
                _ => self.follow(&start, rest, public, depth + 1),
            };
        }
        if first == GENERATED {
            return elsewhere();
        }
        let found = self.names(module, first, public && rest.is_empty(), depth);
        if rest.is_empty() {
            return if found.is_empty() { elsewhere() } else { found };
        }
        let modules = found.into_iter().filter_map(|target| match target {
            Target::Module(inner) => Some(self.follow(&inner, rest, public, depth + 1)),
            Target::Elsewhere(outer) => {
                Some(vec![Target::Elsewhere([outer.as_slice(), rest].concat())])
            }
            Target::Item(_) => None,
        });
        modules.reduce(|all, more| [all, more].concat()).unwrap_or_else(elsewhere)
    }

    /// What a name means in a module: items, modules and imports may share it.
    fn names(&self, module: &[String], name: &str, public: bool, depth: u8) -> Vec<Target> {
        let Some(inner) = self.get(module) else { return Vec::new() };
        let mut found = Vec::new();
        for (number, item) in inner.items.iter().enumerate() {
            let Some((ident, visibility)) = named(item) else { continue };
            if ident != name || (public && !is_public(visibility)) {
                continue;
            }
            found.push(match item {
                Item::Mod(_) => Target::Module([module, std::slice::from_ref(&ident)].concat()),
                _ => Target::Item((module.to_vec(), number)),
            });
        }
        let imports = inner.imports.iter().filter(|import| import.public || !public);
        for import in imports.clone().filter(|import| import.name.as_deref() == Some(name)) {
            found.extend(self.follow(module, &import.path, false, depth + 1));
        }
        if found.is_empty() {
            for import in imports.filter(|import| import.name.is_none()) {
                let inner = [import.path.as_slice(), &[name.to_owned()]].concat();
                let targets = self.follow(module, &inner, true, depth + 1);
                found.extend(targets.into_iter().filter(|t| !matches!(t, Target::Elsewhere(_))));
            }
        }
        found
    }

    /// The names that a module's `use` lines bring.
    pub(crate) fn imports(&self, module: &[String]) -> impl Iterator<Item = &Import> {
        self.get(module).into_iter().flat_map(|module| &module.imports)
    }
}

fn flatten(tree: &UseTree, before: &Import, imports: &mut Vec<Import>) {
    let mut import = before.clone();
    match tree {
        UseTree::Path(path) => {
            import.path.push(path.ident.to_string());
            flatten(&path.tree, &import, imports);
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, imports)),
        UseTree::Name(name) => {
            // `use a::{self}` brings `a`.
            if name.ident != "self" {
                import.path.push(name.ident.to_string());
            }
            import.name = import.path.last().cloned();
            imports.push(import);
        }
        UseTree::Rename(rename) => {
            if rename.ident != "self" {
                import.path.push(rename.ident.to_string());
            }
            import.name = Some(rename.rename.to_string());
            imports.push(import);
        }
        UseTree::Glob(_) => imports.push(import),
    }
}

/// An item's name and visibility, where it has both.
pub(crate) fn named(item: &Item) -> Option<(String, &Visibility)> {
    let (ident, visibility) = match item {
        Item::Const(item) => (&item.ident, &item.vis),
        Item::Enum(item) => (&item.ident, &item.vis),
        Item::Fn(item) => (&item.sig.ident, &item.vis),
        Item::Mod(item) => (&item.ident, &item.vis),
        Item::Static(item) => (&item.ident, &item.vis),
        Item::Struct(item) => (&item.ident, &item.vis),
        Item::Trait(item) => (&item.ident, &item.vis),
        Item::Type(item) => (&item.ident, &item.vis),
        Item::Union(item) => (&item.ident, &item.vis),
        _ => return None,
    };
    Some((ident.to_string(), visibility))
}

/// Whether everybody may name it.
pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_for_tests(item: &Item) -> bool {
    let gates = text::gates(attributes(item));
    gates.iter().any(|gate| gate == "test" || gate.contains("doctest"))
}

/// Whether it is the module of generated code, or one with `#[path = "generated/…"]`.
fn is_generated(item: &Item) -> bool {
    let Item::Mod(module) = item else { return false };
    let folder = |attribute: &Attribute| {
        let Meta::NameValue(MetaNameValue { path, value: Expr::Lit(value), .. }) = &attribute.meta
        else {
            return false;
        };
        let Lit::Str(file) = &value.lit else { return false };
        path.is_ident("path") && file.value().split('/').next() == Some(GENERATED)
    };
    module.ident == GENERATED || module.attrs.iter().any(folder)
}

/// The attributes of the items that a listing has.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
