//! Lowers descriptors to the intermediate representation.
//!
//! Only this stage invents identifiers, chooses types, decides on features and writes sentences of
//! the documentation. After an error it leaves the part out and continues, so that it reports all
//! errors at once.

mod chain;
mod context;
mod docs;
mod features;
mod names;
mod notifications;
mod object;
mod sample;
mod tree;
mod types;

pub(crate) use docs::{empty, feature, is_secret, limits, other_place, product, retry};
pub(crate) use features::features;
pub(crate) use sample::{file_name, placeholder, sample};

use wxpay_spec::model::Spec;

use crate::error::Errors;
use crate::ir::{Api, Ident, Layout};
use context::{Known, Lowering};
use docs::SearchWords;
use names::NameKind;

/// Lowers every descriptor, or returns all errors.
pub(crate) fn lower(spec: &Spec, layout: Layout) -> Result<Api, Errors> {
    let mut errors = Errors::default();
    if layout == Layout::Library {
        features::check(spec, &mut errors);
    }
    let tree = tree::grow(spec, &mut errors);
    let known = Known::new(spec, &tree, &mut errors);
    let words = SearchWords::of(spec);
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
    let mut api =
        Api { layout, entries: root.entries, modules, types, messages: Vec::new(), books };
    api.messages = features::messages(spec, &api);
    Ok(api)
}

/// The name of the module for a text such as a family's name.
pub(crate) fn module_name(text: &str) -> Option<Ident> {
    names::from_wire(text, NameKind::Module)
}
