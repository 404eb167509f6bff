//! The markers of builder stages: one type per name of a required field, for all builders together.
//!
//! A compiler's message about a half-filled request ends with the marker's name, which is the field's.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::relative;
use crate::ir::{
    Answer, Api, Companion, Content, Definition, Ident, ModulePath, Request, Sent, TypePath,
};

/// The module with the markers, for the tree's root.
pub(super) fn needs(api: &Api) -> TokenStream {
    let mut names = BTreeMap::new();
    for content in api.contents() {
        match content {
            Content::Definition(definition) => of_definition(definition, &mut names),
            Content::Events(_) => {}
            Content::Node(node) => {
                for operation in &node.operations {
                    if let Request::Own(sent) = &operation.request {
                        of_sent(sent, &mut names);
                    }
                    if let Answer::Own(definition) = &operation.answer {
                        of_definition(definition, &mut names);
                    }
                }
            }
        }
    }
    let names = names.into_values();
    quote! {
        #[doc(hidden)]
        #[doc = " The names of required fields, one type each."]
        pub mod needs { #(pub enum #names {})* }
    }
}

/// The module with the markers, as seen from a companion module.
pub(super) fn import(from: &ModulePath) -> TokenStream {
    let root = TypePath {
        module: ModulePath::default(),
        name: Ident { text: "needs".to_owned(), raw: false },
    };
    let needs = relative(&root, from);
    quote! {
        #[doc(hidden)]
        pub use #needs;
    }
}

fn of_definition<'a>(definition: &'a Definition, names: &mut BTreeMap<&'a str, &'a Ident>) {
    match definition {
        Definition::Sent(sent) => of_sent(sent, names),
        // What is received has no builder, and neither has anything inside it.
        Definition::Received(_) | Definition::Enum(_) => {}
    }
}

fn of_sent<'a>(sent: &'a Sent, names: &mut BTreeMap<&'a str, &'a Ident>) {
    names.extend(sent.required().map(|field| (field.name.rust.text.as_str(), &field.name.rust)));
    let nested = sent.companion.iter().flat_map(|Companion { types, .. }| types);
    nested.for_each(|definition| of_definition(definition, names));
}
