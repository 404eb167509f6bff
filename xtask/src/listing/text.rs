//! Parts of Rust as one line of text.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, FnArg, Meta, Pat, Signature};

/// The conditions of `cfg` attributes: `sandbox` for a cargo feature, else as written.
pub(crate) fn gates(attributes: &[Attribute]) -> Vec<String> {
    let conditions = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => Some(list.tokens.to_string()),
        _ => None,
    });
    conditions.map(|condition| short_gate(&condition)).collect()
}

fn short_gate(condition: &str) -> String {
    let feature = condition.strip_prefix("feature = \"").and_then(|rest| rest.strip_suffix('"'));
    match feature {
        Some(name) if !name.contains('"') => name.to_owned(),
        _ => condition.replace("feature = ", "").replace(" (", "(").replace(" ,", ","),
    }
}

/// Whether an attribute such as `non_exhaustive` is there.
pub(crate) fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// Whether the documentation leaves it out.
pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    let mut docs = attributes.iter().filter_map(|attribute| attribute.meta.require_list().ok());
    docs.any(|list| list.path.is_ident("doc") && list.tokens.to_string().contains("hidden"))
}

/// A function's generics, inputs and output, and what it is besides.
pub(crate) fn signature(signature: &Signature) -> String {
    let mut plain = signature.clone();
    plain.ident = syn::Ident::new("f", proc_macro2::Span::call_site());
    for input in &mut plain.inputs {
        // Whether an argument changes inside is not seen from outside.
        match input {
            FnArg::Receiver(this) => this.mutability = None,
            FnArg::Typed(argument) => {
                if let Pat::Ident(name) = &mut *argument.pat {
                    name.mutability = None;
                }
            }
        }
    }
    let kinds =
        [("const", plain.constness.take().is_some()), ("async", plain.asyncness.take().is_some())];
    let text = pretty(quote! { #plain {} });
    let text = text.trim_start_matches("fn f");
    let mut text = text.trim_end_matches("{}").trim_end().trim_end_matches(',').to_owned();
    for (kind, there) in kinds {
        if there {
            text.push_str(&format!(", {kind}"));
        }
    }
    text
}

/// A type, a bound or a path.
pub(crate) fn ty(part: &impl ToTokens) -> String {
    let text = pretty(quote! { type T = #part; });
    let text = text.strip_prefix("type T = ").unwrap_or(&text);
    text.trim_end_matches(';').to_owned()
}

/// Bounds of a trait or an associated type; empty without any.
pub(crate) fn bounds(bounds: &impl ToTokens) -> String {
    let bounds = bounds.to_token_stream();
    if bounds.is_empty() {
        return String::new();
    }
    let text = pretty(quote! { trait T: #bounds {} });
    let text = text.strip_prefix("trait T").unwrap_or(&text);
    text.trim_end_matches("{}").trim_end().to_owned()
}

/// Generic parameters with their bounds; empty without any.
pub(crate) fn generics(generics: &syn::Generics) -> String {
    let clause = &generics.where_clause;
    let text = pretty(quote! { struct T #generics(u8) #clause; });
    let text = text.strip_prefix("struct T").unwrap_or(&text);
    text.replacen("(u8)", "", 1).trim_end_matches(';').trim_end_matches(',').to_owned()
}

/// One item, formatted and on one line.
fn pretty(item: TokenStream) -> String {
    match syn::parse2::<syn::File>(item.clone()) {
        Ok(file) => one_line(&prettyplease::unparse(&file)),
        Err(_) => tokens(item),
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("( ", "(").replace(", )", ")").replace("< ", "<").replace(", >", ">")
}

/// Tokens as they stand, for what only a macro understands.
pub(crate) fn tokens(stream: impl IntoIterator<Item = TokenTree>) -> String {
    let stream: TokenStream = stream.into_iter().collect();
    let mut text = one_line(&stream.to_string());
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" :", ":"),
        (" ,", ","),
        (" ;", ";"),
        ("& ", "&"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("$ ", "$"),
        (" (", "("),
        (" )", ")"),
        (" !", "!"),
        ("- >", "->"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
