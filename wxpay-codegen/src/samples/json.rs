//! Writes JSON as text and as tokens.
//!
//! Members are sorted, so that the output does not depend on the features of `serde_json`.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::{Number, Value};

/// Compact JSON with sorted members.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(text).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            object(sorted.into_iter().map(|(name, value)| (name.as_str(), text(value))))
        }
        scalar => scalar.to_string(),
    }
}

/// A compact object of members whose values are JSON texts.
pub(super) fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members = members.into_iter();
    let members: Vec<_> =
        members.map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// A value for the macro `json!`.
pub(super) fn tokens(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote! { null },
        Value::Bool(boolean) => boolean.to_token_stream(),
        Value::Number(number) => self::number(number, !number.is_i64()),
        Value::String(text) => text.to_token_stream(),
        Value::Array(list) => {
            let list = list.iter().map(tokens);
            quote! { [#(#list),*] }
        }
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let members = sorted.into_iter().map(|(name, value)| {
                let value = tokens(value);
                quote! { #name: #value }
            });
            quote! { { #(#members),* } }
        }
    }
}

/// A number as a Rust literal. `with_point` asks for a decimal point; a minus is a separate token.
pub(super) fn number(number: &Number, with_point: bool) -> TokenStream {
    let minus = number.as_f64().is_some_and(f64::is_sign_negative).then(|| quote! { - });
    let amount = match number.as_i64().filter(|_| !with_point) {
        Some(whole) => Literal::u64_unsuffixed(whole.unsigned_abs()),
        None => Literal::f64_unsuffixed(number.as_f64().unwrap_or_default().abs()),
    };
    quote! { #minus #amount }
}

/// A text as a literal. Quotes and backslashes make it a raw literal, which is easier to read.
pub(super) fn literal(text: &str) -> TokenStream {
    if !text.contains(['"', '\\']) {
        return text.to_token_stream();
    }
    let after_quotes = text.split('"').skip(1);
    let longest = after_quotes.map(|rest| rest.len() - rest.trim_start_matches('#').len()).max();
    let hashes = "#".repeat(longest.map_or(0, |longest| longest + 1));
    let raw = format!("r{hashes}\"{text}\"{hashes}").parse::<Literal>();
    raw.unwrap_or_else(|_| Literal::string(text)).into_token_stream()
}
