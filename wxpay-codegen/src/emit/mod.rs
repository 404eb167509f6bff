//! From the intermediate representation to tokens. Nothing is decided and nothing can fail here.

mod arguments;
mod definition;
mod events;
mod needs;
mod node;
mod open_enum;
mod operation;
mod request;
mod response;
mod root;
mod stages;
mod tokens;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use root::{library_root, sandbox, single_file};
pub(crate) use tokens::{from_root, module_from_root};

use crate::ir::{Content, Module};

/// How a module's children stand in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Children {
    /// As files of their own.
    Files,
    /// Written out inside it.
    Nested,
}

/// The content of a module.
pub(crate) fn module(module: &Module, children: Children) -> TokenStream {
    let contents = module.contents.iter().map(|content| match content {
        Content::Node(node) => node::node(node, &module.path),
        Content::Definition(definition) => definition::definition(definition),
        Content::Events(events) => events::events(events, &module.path),
    });
    let mods = module.children.iter().map(|child| declaration(child, children));
    quote! { #(#contents)* #(#mods)* }
}

/// A child in its parent.
fn declaration(child: &Module, children: Children) -> TokenStream {
    let Module { docs, labels, gate, name, .. } = child;
    let body = match children {
        Children::Files => quote! { ; },
        Children::Nested => {
            let body = module(child, children);
            quote! { { #body } }
        }
    };
    quote! { #docs #(#[doc(alias = #labels)])* #gate pub mod #name #body }
}
