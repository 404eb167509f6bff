//! How a user writes an operation: a chain of setters, and closures for what is nested.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::index::Index;
use super::json;
use crate::ir::{Field, Operation, Request, Sample, Sent, Ty, TypePath};

/// The expression that makes an operation with all its inputs, and whether it names `secret`.
pub(super) fn operation(
    index: &Index<'_>,
    operation: &Operation,
    path: &[TokenStream],
) -> (TokenStream, bool) {
    let sent = match &operation.request {
        Request::Own(sent) => Some(sent),
        Request::Named { path, .. } => index.sent(path),
    };
    let mut writing = Writing { index, inside: Vec::new(), names_secret: false };
    let new = quote! { Operation::new };
    let value = match sent.filter(|sent| !sent.fields.is_empty()) {
        None => quote! { #new(#(#path),*) },
        Some(sent) if operation.needs_request => {
            let request = writing.object(sent, quote! { Request::builder() });
            quote! { #new(#(#path,)* #request) }
        }
        Some(sent) => {
            let request = writing.object(sent, quote! { r });
            quote! { #new(#(#path),*).with(|r| #request) }
        }
    };
    (value, writing.names_secret)
}

struct Writing<'a> {
    index: &'a Index<'a>,
    /// The objects around the current place: a type inside itself ends there.
    inside: Vec<&'a TypePath>,
    names_secret: bool,
}

impl<'a> Writing<'a> {
    /// `start` with every field set: the required ones in the order of the stages, then the others.
    fn object(&mut self, sent: &'a Sent, start: TokenStream) -> TokenStream {
        self.inside.push(&sent.path);
        let optional = sent.fields.iter().filter(|field| field.optional);
        let chain = sent.required().chain(optional).fold(start, |chain, field| {
            let name = &field.name.rust;
            match self.value(field) {
                Some(value) => quote! { #chain.#name(#value) },
                None if field.optional => chain,
                // Only a list may stand inside itself, and it ends with an empty one.
                None => quote! { #chain.#name(|list| list) },
            }
        });
        self.inside.pop();
        chain
    }

    fn value(&mut self, field: &'a Field) -> Option<TokenStream> {
        match (&field.ty, &field.sample) {
            (Ty::List(item), Sample::Plain(Value::Array(list))) => {
                let list = list.iter().map(|element| scalar(item, element));
                Some(quote! { [#(#list),*] })
            }
            (Ty::List(item), Sample::Secret(length)) => {
                let secret = self.secret(item, *length);
                Some(quote! { [#secret] })
            }
            (Ty::List(item), Sample::Parts(count)) => {
                let element = self.closure(item, &field.name.wire)?;
                let pushes = std::iter::repeat_n(quote! { .push(#element) }, *count);
                Some(quote! { |list| list #(#pushes)* })
            }
            (ty, Sample::Plain(value)) => Some(scalar(ty, value)),
            (ty, Sample::Secret(length)) => Some(self.secret(ty, *length)),
            (ty, Sample::Parts(_)) => self.closure(ty, &field.name.wire),
        }
    }

    /// The closure that builds an object; its argument is called by the member's first letter.
    fn closure(&mut self, ty: &Ty, wire: &str) -> Option<TokenStream> {
        let Ty::Object { path, .. } = ty else { return None };
        if self.inside.contains(&path) {
            return None;
        }
        let letter = wire.chars().find(char::is_ascii_alphabetic).unwrap_or('v');
        let argument = format_ident!("{}", letter.to_ascii_lowercase());
        let object = self.object(self.index.sent(path)?, quote! { #argument });
        Some(quote! { |#argument| #object })
    }

    fn secret(&mut self, ty: &Ty, length: Option<(u64, Option<u64>)>) -> TokenStream {
        self.names_secret = true;
        let bytes = *ty == Ty::SecretBytes;
        let Some((least, most)) = length else {
            let bytes = bytes.then(|| quote! { .as_bytes() });
            return quote! { secret #bytes };
        };
        let least = proc_macro2::Literal::u64_unsuffixed(least);
        let most = proc_macro2::Literal::u64_unsuffixed(most.unwrap_or(u64::from(u32::MAX)));
        let bytes = bytes.then(|| quote! { .into_bytes() });
        quote! { crate::visitor::bounded(secret, #least, #most) #bytes }
    }
}

/// A value without parts; enums and times are made of their text.
fn scalar(ty: &Ty, value: &Value) -> TokenStream {
    match (ty, value) {
        (Ty::Json, value) => {
            let json = json::tokens(value);
            quote! { serde_json::json!(#json) }
        }
        (Ty::File, name) => {
            let (name, content) = (name.as_str().unwrap_or_default(), super::FILE);
            quote! { wxpay_api::File::new(#name, #content) }
        }
        (Ty::Integer | Ty::Number, Value::Number(number)) => {
            json::number(number, *ty == Ty::Number)
        }
        (Ty::Boolean, Value::Bool(boolean)) => quote! { #boolean },
        (_, Value::String(text)) => quote! { #text },
        (_, other) => {
            let text = json::text(other);
            quote! { #text }
        }
    }
}
