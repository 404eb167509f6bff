//! Prints the intermediate representation as tokens. It decides nothing and cannot fail.

mod builder;
mod definition;
mod events;
mod node;
mod operation;
mod tokens;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use wxpay_spec::model::CORE;

pub(crate) use tokens::{from_root, module_from_root};

use crate::book;
use crate::ir::{
    Api, Companion, Content, Definition, FeatureMessage, Ident, Link, Module, ModulePath,
    RequestStruct, RequestType, ResponseType,
};
use tokens::relative;

/// The library's module of generated code that is not below a URL's first segment.
const LIBRARY_ROOT: &str = "generated";

/// The lints that generated code cannot satisfy, with the reasons.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "a builder stage has the name of its field; `_` separates digits in names",
        &["non_camel_case_types"],
    ),
    ("names keep the wire's spelling", &["non_snake_case", "clippy::just_underscores_and_digits"]),
    ("WeChat Pay's URLs name the modules", &["clippy::module_inception"]),
    (
        "WeChat Pay's URLs and fields name the methods",
        &["clippy::new_ret_no_self", "clippy::should_implement_trait"],
    ),
    ("an operation without inputs is not a default value", &["clippy::new_without_default"]),
    (
        "debugging needs no chain steps or half-built requests, and derives cost compile time",
        &["missing_debug_implementations"],
    ),
    ("the URL decides the number of parameters", &["clippy::too_many_arguments"]),
];

/// Lints that another crate may turn on. Unused generated code is no mistake there, and generated
/// code does not follow that crate's style.
const ALLOWED_ELSEWHERE: &[&str] = &[
    "clippy::all",
    "clippy::pedantic",
    "dead_code",
    "missing_debug_implementations",
    "non_camel_case_types",
    "non_snake_case",
    "unreachable_pub",
];

/// Prints `mod.rs` of the library: the entries of the chain, and what all modules use.
pub(crate) fn library_root(api: &Api) -> TokenStream {
    let here = ModulePath::top(&Ident { text: LIBRARY_ROOT.to_owned(), raw: false });
    let allowed = allowed();
    let check = version_check();
    let entries = api.entries.iter().map(|entry| {
        let Link { name, docs, gate, .. } = entry;
        let (argument, target, value) = entry_parts(entry, quote! { self }, &here);
        let closed = node::closed(entry, &here);
        quote! { #docs #gate #[inline] pub fn #name(&self, #argument) -> #target { #target(#value) } #closed }
    });
    let needs = markers(api);
    let messages = feature_messages(&api.messages);
    quote! {
        #allowed
        #check
        impl ::wxpay_api::codegen::Client { #(#entries)* }
        #needs
        #messages
        #[cfg(feature = "sandbox")]
        pub(crate) mod sandbox;
    }
}

/// Prints the lints that the library's generated code cannot satisfy, for the head of a file.
fn allowed() -> TokenStream {
    let allowed = ALLOWED.iter().map(|(reason, lints)| {
        let lints = lints.iter().map(|lint| lint_path(lint));
        quote! { #![allow(#(#lints,)* reason = #reason)] }
    });
    quote! { #(#allowed)* }
}

/// Prints the file of a module that the library's `lib.rs` declares.
///
/// The file itself has what a parent usually writes in front of a module, so that the hand-written
/// line stays the same.
pub(crate) fn library_top(module: &Module) -> TokenStream {
    let Module { docs, labels, gate, .. } = module;
    let allowed = allowed();
    let docs = docs.0.iter().map(|line| tokens::doc_text(line));
    let gate = tokens::condition(gate).map(|condition| quote! { #![cfg(#condition)] });
    let content = self::module(module, Children::Files);
    quote! { #(#![doc = #docs])* #(#![doc(alias = #labels)])* #gate #allowed #content }
}

/// Prints everything as one file for another crate.
pub(crate) fn single_file(api: &Api) -> TokenStream {
    let lints = ALLOWED_ELSEWHERE.iter().map(|lint| lint_path(lint));
    let allow = quote! { #[allow(#(#lints),*)] };
    let check = version_check();
    let entries = api.entries.iter().map(|entry| {
        let Link { name, docs, .. } = entry;
        let (argument, target, value) =
            entry_parts(entry, quote! { client }, &ModulePath::default());
        let client = quote! { client: &::wxpay_api::codegen::Client };
        quote! { #docs #allow pub fn #name(#client, #argument) -> #target { #target(#value) } }
    });
    let modules = api.modules.iter().map(|module| {
        let module = declaration(module, Children::Nested);
        quote! { #allow #module }
    });
    let needs = markers(api);
    quote! { #check #(#entries)* #(#modules)* #allow #needs }
}

/// Prints the module with the messages for features that are off.
fn feature_messages(messages: &[FeatureMessage]) -> Option<TokenStream> {
    let traits = messages.iter().map(|message| {
        let FeatureMessage { name, message, label, note } = message;
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            pub trait #name: ::core::marker::Sized {
                fn place<Place>(self) -> Place;
            }
        }
    });
    (!messages.is_empty()).then(|| {
        quote! {
            #[doc = " The compiler's messages for features that are off. Nothing implements these traits."]
            #[doc(hidden)]
            pub mod behind { #(#traits)* }
        }
    })
}

/// Prints the check that fails to compile with a runtime of another version.
fn version_check() -> TokenStream {
    quote! { const _: ::wxpay_api::codegen::V1 = ::wxpay_api::codegen::V1; }
}

fn entry_parts(
    entry: &Link,
    client: TokenStream,
    here: &ModulePath,
) -> (Option<TokenStream>, TokenStream, TokenStream) {
    let target = relative(&entry.target, here);
    let root = quote! { ::wxpay_api::codegen::Node::root(#client) };
    if !entry.parameter {
        return (None, target, root);
    }
    let name = &entry.name;
    let argument = quote! { #name: impl ::core::convert::Into<::std::string::String> };
    (Some(argument), target, quote! { #root.parameter(#name) })
}

fn lint_path(lint: &str) -> TokenStream {
    let names = lint.split("::").map(|name| quote::format_ident!("{name}"));
    quote! { #(#names)::* }
}

/// Prints the table of the books that the sandbox reads.
pub(crate) fn sandbox(families: &[String]) -> TokenStream {
    let books = families.iter().map(|family| {
        let gate = (family != CORE).then(|| quote! { #[cfg(feature = #family)] });
        let path = book::path(family);
        quote! { #gate (#family, include_bytes!(#path)) }
    });
    quote! {
        #[doc = " The facts that the sandbox has of each family, as compressed JSON."]
        pub(crate) const BOOKS: &[(&str, &[u8])] = &[#(#books,)*];
    }
}

/// How a module contains its children.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Children {
    /// Each child is a separate file.
    Files,
    /// The children are written inside the module.
    Nested,
}

/// Prints the content of a module.
pub(crate) fn module(module: &Module, children: Children) -> TokenStream {
    let contents = module.contents.iter().map(|content| match content {
        Content::Node(node) => node::node(node, &module.path),
        Content::Definition(definition) => definition::definition(definition),
        Content::Events(events) => events::events(events, &module.path),
    });
    let mods = module.children.iter().map(|child| declaration(child, children));
    quote! { #(#contents)* #(#mods)* }
}

/// Prints a child as its parent declares it.
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

/// Prints the markers of builder stages, one type per name of a required field, for the tree's
/// root.
///
/// A compiler's message about a half-filled request ends with the marker's name, which is the
/// field's.
fn markers(api: &Api) -> TokenStream {
    let mut names = BTreeMap::new();
    for content in api.contents() {
        match content {
            Content::Definition(definition) => of_definition(definition, &mut names),
            Content::Events(_) => {}
            Content::Node(node) => {
                for operation in &node.operations {
                    if let RequestType::Own(sent) = &operation.request {
                        of_sent(sent, &mut names);
                    }
                    if let ResponseType::Own(definition) = &operation.response {
                        of_definition(definition, &mut names);
                    }
                }
            }
        }
    }
    let names = names.into_values();
    quote! {
        #[doc = " One type per name of a required field."]
        #[doc(hidden)]
        pub mod needs { #(pub enum #names {})* }
    }
}

fn of_definition<'a>(definition: &'a Definition, names: &mut BTreeMap<&'a str, &'a Ident>) {
    match definition {
        Definition::Request(sent) => of_sent(sent, names),
        // A response has no builder, and neither have its nested types.
        Definition::Response(_) | Definition::Enum(_) => {}
    }
}

fn of_sent<'a>(sent: &'a RequestStruct, names: &mut BTreeMap<&'a str, &'a Ident>) {
    names.extend(sent.required().map(|field| (field.name.rust.text.as_str(), &field.name.rust)));
    let nested = sent.companion.iter().flat_map(|Companion { types, .. }| types);
    nested.for_each(|definition| of_definition(definition, names));
}
