//! The file at the top of the tree, and the sandbox's table of books.

use proc_macro2::TokenStream;
use quote::quote;
use wxpay_spec::model::CORE;

use super::tokens::relative;
use super::{Children, declaration, needs, node};
use crate::book;
use crate::ir::{Api, Behind, Link, ModulePath};

/// The lints that generated code cannot satisfy, each with the reason.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "builder stages are named for their fields, digits stay apart in names",
        &["non_camel_case_types"],
    ),
    (
        "names keep the spelling of the wire",
        &["non_snake_case", "clippy::just_underscores_and_digits"],
    ),
    ("modules are named by WeChat Pay", &["clippy::module_inception"]),
    (
        "methods are named for URLs and fields, not for what Rust calls so",
        &["clippy::new_ret_no_self", "clippy::should_implement_trait"],
    ),
    ("an operation is not a default of anything", &["clippy::new_without_default"]),
    (
        "nobody looks at steps of a chain or a half-built request, and derives take long to compile",
        &["missing_debug_implementations"],
    ),
    ("a URL has as many parameters as it has", &["clippy::too_many_arguments"]),
];

/// The lints that another crate may have on: what it does not use is no mistake, and its style is
/// its own.
const ALLOWED_ELSEWHERE: &[&str] = &[
    "clippy::all",
    "clippy::pedantic",
    "dead_code",
    "missing_debug_implementations",
    "non_camel_case_types",
    "non_snake_case",
    "unreachable_pub",
];

/// `mod.rs` of the library: the ways into the chain, and the modules.
pub(crate) fn library_root(api: &Api) -> TokenStream {
    let allowed = ALLOWED.iter().map(|(reason, lints)| {
        let lints = lints.iter().map(|lint| lint_path(lint));
        quote! { #![allow(#(#lints,)* reason = #reason)] }
    });
    let check = version_check();
    let entries = api.entries.iter().map(|entry| {
        let Link { name, docs, gate, .. } = entry;
        let (argument, target, value) = entry_parts(entry, quote! { self });
        let closed = node::closed(entry, &ModulePath::default());
        quote! { #docs #gate #[inline] pub fn #name(&self, #argument) -> #target { #target(#value) } #closed }
    });
    let modules = api.modules.iter().map(|module| declaration(module, Children::Files));
    let needs = needs::needs(api);
    let behind = behind(&api.behind);
    quote! {
        #(#allowed)*
        #check
        impl ::wxpay_api::codegen::Client { #(#entries)* }
        #(#modules)*
        #needs
        #behind
        #[cfg(feature = "sandbox")]
        pub(crate) mod sandbox;
    }
}

/// Everything in one file for another crate.
pub(crate) fn single_file(api: &Api) -> TokenStream {
    let lints = ALLOWED_ELSEWHERE.iter().map(|lint| lint_path(lint));
    let allow = quote! { #[allow(#(#lints),*)] };
    let check = version_check();
    let entries = api.entries.iter().map(|entry| {
        let Link { name, docs, .. } = entry;
        let (argument, target, value) = entry_parts(entry, quote! { client });
        let client = quote! { client: &::wxpay_api::codegen::Client };
        quote! { #docs #allow pub fn #name(#client, #argument) -> #target { #target(#value) } }
    });
    let modules = api.modules.iter().map(|module| {
        let module = declaration(module, Children::Nested);
        quote! { #allow #module }
    });
    let needs = needs::needs(api);
    quote! { #check #(#entries)* #(#modules)* #allow #needs }
}

/// The module with the messages for features that are off.
fn behind(behind: &[Behind]) -> Option<TokenStream> {
    let traits = behind.iter().map(|behind| {
        let Behind { name, message, label, note } = behind;
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            pub trait #name: ::core::marker::Sized {
                fn place<Place>(self) -> Place;
            }
        }
    });
    (!behind.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            #[doc = " What the compiler says of features that are off. Nothing implements these traits."]
            pub mod behind { #(#traits)* }
        }
    })
}

/// Stops the compiler where the crate's version does not fit the generator's.
fn version_check() -> TokenStream {
    quote! { const _: ::wxpay_api::codegen::V1 = ::wxpay_api::codegen::V1; }
}

fn entry_parts(
    entry: &Link,
    client: TokenStream,
) -> (Option<TokenStream>, TokenStream, TokenStream) {
    let target = relative(&entry.target, &ModulePath::default());
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

/// The table of the books that the sandbox reads.
pub(crate) fn sandbox(families: &[String]) -> TokenStream {
    let books = families.iter().map(|family| {
        let gate = (family != CORE).then(|| quote! { #[cfg(feature = #family)] });
        let path = book::path(family);
        quote! { #gate (#family, include_bytes!(#path)) }
    });
    quote! {
        #[doc = " What the sandbox knows of each family, compressed."]
        pub(crate) const BOOKS: &[(&str, &[u8])] = &[#(#books,)*];
    }
}
