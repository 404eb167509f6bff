//! How a person uses an answer: one or two of its members are printed.

use proc_macro2::TokenStream;
use quote::quote;

use super::index::Index;
use crate::ir::{Field, Received, Ty};

/// How many members are printed.
const SHOWN: usize = 2;

/// A use of the members of `value` that tell something new.
pub(super) fn of(
    index: &Index<'_>,
    received: &Received,
    value: &TokenStream,
    is_input: &dyn Fn(&str) -> bool,
) -> TokenStream {
    let is_new = |field: &&Field| {
        let name = field.name.wire.as_str();
        !is_input(name) && !is_identity(name)
    };
    texts(received, value, &is_new)
        .or_else(|| list(index, received, value))
        .or_else(|| texts(received, value, &|_| true))
        .or_else(|| other(received, value))
        .unwrap_or_else(|| quote! { println!("{:?}", #value); })
}

/// Prints the first texts that are wanted.
fn texts(
    received: &Received,
    value: &TokenStream,
    wanted: &dyn Fn(&&Field) -> bool,
) -> Option<TokenStream> {
    let fields = received.fields.iter().filter(|field| is_text(&field.ty)).filter(wanted);
    let members: Vec<_> = fields.take(SHOWN).map(|field| member(value, field)).collect();
    let format = vec!["{}"; members.len()].join(" ");
    (!members.is_empty()).then(|| quote! { println!(#format, #(#members),*); })
}

/// Goes over the first list, which is what an answer without texts is about.
fn list(index: &Index<'_>, received: &Received, value: &TokenStream) -> Option<TokenStream> {
    received.fields.iter().find_map(|field| {
        let Ty::List(item) = &field.ty else { return None };
        let list = member(value, field);
        let Ty::Object { path, .. } = &**item else {
            return Some(quote! { println!("{:?}", #list); });
        };
        let reading = texts(index.received(path)?, &quote! { item }, &|_| true)?;
        Some(quote! { for item in &#list { #reading } })
    })
}

/// Prints the first member of any kind; secrets show no more than their length.
fn other(received: &Received, value: &TokenStream) -> Option<TokenStream> {
    let first = member(value, received.fields.first()?);
    Some(quote! { println!("{:?}", #first); })
}

fn member(value: &TokenStream, field: &Field) -> TokenStream {
    let name = &field.name.rust;
    quote! { #value.#name }
}

/// Whether a member says who the merchant is, which every caller knows.
fn is_identity(name: &str) -> bool {
    name.ends_with("appid") || name.ends_with("mchid")
}

/// Whether it can be printed as it is.
fn is_text(ty: &Ty) -> bool {
    matches!(ty, Ty::String | Ty::Timestamp | Ty::Enum(_))
}
