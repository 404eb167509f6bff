//! From descriptors to the intermediate representation.
//!
//! The only stage that invents an identifier, chooses a type, decides on a feature or writes a
//! sentence of documentation. It never stops at an error: it leaves the part out and goes on.

mod behind;
mod docs;
mod element;
mod features;
mod gates;
mod known;
mod names;
mod node;
mod notifications;
mod object;
mod open_enum;
mod operation;
mod place;
mod request;
mod reserved;
mod sample;
mod spelling;
mod tree;
mod ty;
mod types;
mod words;

pub(crate) use docs::{empty, feature, is_secret, limits, other_place, product, repeat};
pub(crate) use features::features;
pub(crate) use sample::{file_name, placeholder, sample};

use wxpay_spec::model::Spec;

use crate::error::{Error, Errors};
use crate::ir::{Api, Ident, Layout};
use known::Known;
use names::NameKind;
use words::Words;

/// Lowers every descriptor, or says everything that is wrong.
pub(crate) fn lower(spec: &Spec, layout: Layout) -> Result<Api, Errors> {
    let mut errors = Errors::default();
    if layout == Layout::Library {
        features::check(spec, &mut errors);
    }
    let tree = tree::grow(spec, &mut errors);
    let known = Known::new(spec, &tree, &mut errors);
    let words = Words::of(spec);
    let mut lowering = Lowering { spec, layout, known, words, errors };
    let root = lowering.root(&tree);
    let events = lowering.notifications();
    if !lowering.errors.is_empty() {
        return Err(lowering.errors);
    }
    let mut modules = root.modules;
    modules.extend(events);
    let books = crate::book::families(spec);
    let types = lowering.known.into_paths();
    let mut api = Api { layout, entries: root.entries, modules, types, behind: Vec::new(), books };
    api.behind = behind::messages(spec, &api);
    Ok(api)
}

/// The state of lowering: what is known of the whole, and what went wrong so far.
#[derive(Debug)]
struct Lowering<'a> {
    spec: &'a Spec,
    layout: Layout,
    known: Known<'a>,
    words: Words,
    errors: Errors,
}

impl Lowering<'_> {
    /// The identifier for a wire name, or for the name that a person chose instead.
    fn name(
        &mut self,
        wire: &str,
        rust: Option<&str>,
        kind: NameKind,
        place: impl ToString,
    ) -> Option<Ident> {
        name(wire, rust, kind, place, &mut self.errors)
    }

    fn error(&mut self, place: impl ToString, message: impl Into<String>) {
        self.errors.add(Error::new(place, message));
    }
}

/// The module for a text such as a family's name.
pub(crate) fn module_name(text: &str) -> Option<Ident> {
    names::from_wire(text, NameKind::Place)
}

fn name(
    wire: &str,
    rust: Option<&str>,
    kind: NameKind,
    place: impl ToString,
    errors: &mut Errors,
) -> Option<Ident> {
    let ident = match rust {
        Some(text) => names::by_hand(text, kind),
        None => names::from_wire(wire, kind),
    };
    if ident.is_none() {
        errors.add(Error::new(place, unusable(wire, rust, kind)));
    }
    ident
}

fn unusable(wire: &str, rust: Option<&str>, kind: NameKind) -> String {
    match rust {
        Some(text) if kind.is_camel() => format!("`{text}` is not a Rust name in UpperCamelCase"),
        Some(text) => format!("`{text}` is not a Rust name in snake_case"),
        None => format!("`{wire}` has nothing to make a Rust name of: choose one by hand"),
    }
}
