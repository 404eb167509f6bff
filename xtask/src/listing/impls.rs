//! The lines of `impl` blocks: public methods, and which traits a public type has.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Field, ImplItem, Item, ItemImpl, Meta, Type};

use super::macros;
use super::modules::{ItemId, Modules, Target, is_public};
use super::names::{Name, Names, line};
use super::text;

/// Who implements what, gathered over a crate.
pub(crate) struct Impls<'a> {
    modules: &'a Modules,
    names: &'a Names,
    lines: Vec<String>,
    /// The traits of each type that need no line of their own.
    plain: BTreeMap<String, (BTreeSet<String>, Vec<String>)>,
}

impl<'a> Impls<'a> {
    /// The lines of all blocks and derives.
    pub(crate) fn lines(modules: &'a Modules, names: &'a Names) -> Vec<String> {
        let mut impls = Self { modules, names, lines: Vec::new(), plain: BTreeMap::new() };
        for (path, module) in modules.iter() {
            for item in &module.items {
                if let Item::Impl(block) = item {
                    let gates = [module.gates.as_slice(), &text::gates(&block.attrs)].concat();
                    impls.block(path, block, &gates);
                }
            }
        }
        for (id, _) in names.items() {
            impls.derives(id);
        }
        let plain = impls.plain.iter().map(|(path, (traits, gates))| {
            let traits: Vec<_> = traits.iter().map(String::as_str).collect();
            line(path, &format!(": impl {}", traits.join(", ")), gates)
        });
        let plain: Vec<_> = plain.collect();
        [impls.lines, plain].concat()
    }

    fn block(&mut self, module: &[String], block: &ItemImpl, gates: &[String]) {
        let names = self.names;
        let owner = self.local(module, &block.self_ty);
        // Callers cannot name a private type.
        let owner = match &owner {
            Some(id) => match names.of(id) {
                Some(name) => Some(name),
                None => return,
            },
            None => None,
        };
        match (&block.trait_, owner) {
            (Some((path, _)), owner) => self.of_trait(module, block, path, owner, gates),
            (None, Some(owner)) => self.inherent(block, owner, gates),
            (None, None) => {}
        }
    }

    fn inherent(&mut self, block: &ItemImpl, owner: &Name, gates: &[String]) {
        let path = &owner.path;
        let generics = text::generics(&block.generics);
        let bound =
            if generics.contains(':') { format!(", impl{generics}") } else { String::new() };
        for item in &block.items {
            let (text, attributes): (_, &[Attribute]) = match item {
                ImplItem::Fn(item) if is_public(&item.vis) => {
                    let signature = text::signature(&item.sig);
                    (format!("::{}{signature}{bound}", item.sig.ident), &item.attrs)
                }
                ImplItem::Const(item) if is_public(&item.vis) => {
                    (format!("::{}: const {}", item.ident, text::ty(&item.ty)), &item.attrs)
                }
                ImplItem::Macro(item) => {
                    let arguments = macros::arguments(&item.mac.tokens).join("; ");
                    (format!("::{}!({arguments})", text::ty(&item.mac.path)), &item.attrs)
                }
                _ => continue,
            };
            let hidden = if text::is_hidden(attributes) { ", hidden" } else { "" };
            let gates = [&owner.gates, gates, &text::gates(attributes)].concat();
            self.lines.push(line(path, &format!("{text}{hidden}"), &gates));
        }
    }

    fn of_trait(
        &mut self,
        module: &[String],
        block: &ItemImpl,
        path: &syn::Path,
        owner: Option<&Name>,
        gates: &[String],
    ) {
        let names = self.names;
        let of_trait = match self.find(module, path) {
            Some(id) => match names.of(&id) {
                Some(name) => Some(name),
                None => return,
            },
            None => None,
        };
        let mut shown = path.clone();
        // `fmt::Debug` is `Debug`.
        shown.segments = path.segments.last().cloned().into_iter().collect();
        let shown = text::ty(&shown);
        let mut types = String::new();
        for item in &block.items {
            if let ImplItem::Type(item) = item {
                types.push_str(&format!(", {} = {}", item.ident, text::ty(&item.ty)));
            }
        }
        let generics = text::generics(&block.generics);
        let gates = [owner.map(|name| name.gates.as_slice()).unwrap_or_default(), gates].concat();
        let for_type = text::ty(&block.self_ty);
        let is_plain = block.generics.params.is_empty() && types.is_empty();
        match (owner, of_trait) {
            (Some(owner), _) if is_plain && !matches!(*block.self_ty, Type::Reference(_)) => {
                self.plain(&owner.path, shown, gates);
            }
            (Some(owner), _) => {
                let text = format!(": impl{generics} {shown} for {for_type}{types}");
                self.lines.push(line(&owner.path, &text, &gates));
            }
            (None, Some(of_trait)) => {
                let text = format!(": impl{generics} for {for_type}{types}");
                let gates = [of_trait.gates.as_slice(), &gates].concat();
                self.lines.push(line(&of_trait.path, &text, &gates));
            }
            (None, None) => {
                let text = format!("impl{generics} {shown} for {for_type}{types}");
                self.lines.push(line(&text, "", &gates));
            }
        }
    }

    /// Traits under the same conditions share a line.
    fn plain(&mut self, path: &str, name: String, mut gates: Vec<String>) {
        gates.sort();
        gates.dedup();
        match self.plain.get_mut(path) {
            Some((traits, of_all)) if *of_all == gates => drop(traits.insert(name)),
            Some(_) => self.lines.push(line(path, &format!(": impl {name}"), &gates)),
            None => drop(self.plain.insert(path.to_owned(), ([name].into(), gates))),
        }
    }

    fn derives(&mut self, id: &ItemId) {
        let (names, modules) = (self.names, self.modules);
        let (Some(name), Some(item)) = (names.of(id), modules.item(id)) else { return };
        let module = modules.get(&id.0).map(|module| module.gates.as_slice()).unwrap_or_default();
        let (attributes, fields): (_, Vec<&Field>) = match item {
            Item::Struct(item) => (&item.attrs, item.fields.iter().collect()),
            Item::Enum(item) => {
                (&item.attrs, item.variants.iter().flat_map(|variant| &variant.fields).collect())
            }
            _ => return,
        };
        let gates = [&name.gates, module, &text::gates(attributes)].concat();
        for derived in derived(attributes) {
            // `thiserror` derives these too.
            if derived == "Error" {
                self.plain(&name.path, "Display".to_owned(), gates.clone());
                for field in fields.iter().filter(|field| text::has(&field.attrs, "from")) {
                    let from = format!("From<{}>", text::ty(&field.ty));
                    self.plain(&name.path, from, gates.clone());
                }
            }
            self.plain(&name.path, derived, gates.clone());
        }
    }

    /// This crate's type, if it is one.
    fn local(&self, module: &[String], ty: &Type) -> Option<ItemId> {
        match ty {
            Type::Path(path) => self.find(module, &path.path),
            Type::Reference(inner) => self.local(module, &inner.elem),
            _ => None,
        }
    }

    fn find(&self, module: &[String], path: &syn::Path) -> Option<ItemId> {
        let path: Vec<_> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        let targets = self.modules.resolve(module, &path, false);
        targets.into_iter().find_map(|target| match target {
            Target::Item(id) => Some(id),
            _ => None,
        })
    }
}

/// The names in `derive` attributes.
fn derived(attributes: &[Attribute]) -> Vec<String> {
    let lists = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("derive") => Some(list.tokens.to_string()),
        _ => None,
    });
    let names = lists.flat_map(|list| {
        let last = |path: &str| path.rsplit("::").next().map(|name| name.trim().to_owned());
        list.split(',').filter_map(last).collect::<Vec<_>>()
    });
    names.filter(|name| !name.is_empty()).collect()
}
