//! Writes the expression that builds an operation: a chain of setters, with closures for nested
//! objects.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;

use super::expected::FILE;
use super::index::Index;
use super::json;
use crate::ir::{Field, Operation, RequestStruct, RequestType, Sample, Ty, TypePath};

/// The audience of an expression.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Audience {
    /// A test: all inputs. The variable `secret` has the value of secrets.
    Test,
    /// A reader: the required inputs. Secrets are literals, and the variable `file` has the file.
    Reader,
}

/// Writes the expression of an operation with all inputs. The flag is whether it uses `secret`.
pub(super) fn operation(
    index: &Index<'_>,
    operation: &Operation,
    path: &[TokenStream],
) -> (TokenStream, bool) {
    let mut writer = ExpressionWriter::new(index, Audience::Test);
    let new = quote! { operation };
    let sent = sent(index, operation).filter(|sent| !sent.fields.is_empty());
    let value = match sent {
        None => quote! { #new(#(#path),*) },
        Some(sent) if operation.needs_request => {
            let request = writer.object(sent, quote! { Request::builder() });
            quote! { #new(#(#path,)* #request) }
        }
        Some(sent) => {
            let request = writer.object(sent, quote! { r });
            quote! { #new(#(#path),*).with(|r| #request) }
        }
    };
    (value, writer.names_secret)
}

/// Writes the expression of a struct with all members. The flag is whether it uses `secret`.
pub(super) fn whole(
    index: &Index<'_>,
    sent: &RequestStruct,
    builder: TokenStream,
) -> (TokenStream, bool) {
    let mut writer = ExpressionWriter::new(index, Audience::Test);
    let value = writer.object(sent, builder);
    (value, writer.names_secret)
}

/// Writes the closure that sets the required inputs. `None` if nothing is required.
pub(super) fn required(index: &Index<'_>, operation: &Operation) -> Option<TokenStream> {
    let sent = sent(index, operation).filter(|_| operation.needs_request)?;
    let request = ExpressionWriter::new(index, Audience::Reader).object(sent, quote! { r });
    Some(quote! { |r| #request })
}

/// The struct of an operation's request.
pub(super) fn sent<'a>(index: &Index<'a>, operation: &'a Operation) -> Option<&'a RequestStruct> {
    match &operation.request {
        RequestType::Own(sent) => Some(sent),
        RequestType::Named { path, .. } => index.sent(path),
    }
}

struct ExpressionWriter<'a> {
    index: &'a Index<'a>,
    audience: Audience,
    /// The objects around the current place. A type inside itself has no value.
    inside: Vec<&'a TypePath>,
    names_secret: bool,
}

impl<'a> ExpressionWriter<'a> {
    fn new(index: &'a Index<'a>, audience: Audience) -> Self {
        Self { index, audience, inside: Vec::new(), names_secret: false }
    }

    /// `start` with setters: the required fields in the order of the stages, then the others.
    fn object(&mut self, sent: &'a RequestStruct, start: TokenStream) -> TokenStream {
        self.inside.push(&sent.path);
        let everything = self.audience == Audience::Test;
        let optional = sent.fields.iter().filter(|field| field.optional && everything);
        let optional = optional.filter(|field| !field.is_second);
        let chain = sent.required().chain(optional).fold(start, |chain, field| {
            let name = &field.name.rust;
            match self.value(field) {
                Some(value) => quote! { #chain.#name(#value) },
                None if field.optional => chain,
                // Only a list may contain its own type: the innermost list is empty.
                None => quote! { #chain.#name(|list| list) },
            }
        });
        self.inside.pop();
        chain
    }

    fn value(&mut self, field: &'a Field) -> Option<TokenStream> {
        if let Some(text) = field.placeholder.as_ref().filter(|_| self.audience == Audience::Reader)
        {
            return Some(match &field.ty {
                Ty::List(item) => {
                    let element = self.secret(item, None, text);
                    quote! { [#element] }
                }
                ty => self.secret(ty, None, text),
            });
        }
        match (&field.ty, &field.sample) {
            (Ty::List(item), Sample::Plain(Value::Array(list))) => {
                let list = list.iter().map(|element| self.scalar(item, element));
                Some(quote! { [#(#list),*] })
            }
            (Ty::List(item), Sample::Secret { length, example }) => {
                let secret = self.secret(item, *length, example);
                Some(quote! { [#secret] })
            }
            (Ty::List(item), Sample::Parts(count)) => {
                let element = self.closure(item, &field.name.wire)?;
                let pushes = std::iter::repeat_n(quote! { .push(#element) }, *count);
                Some(quote! { |list| list #(#pushes)* })
            }
            (ty, Sample::Plain(value)) => Some(self.scalar(ty, value)),
            (ty, Sample::Secret { length, example }) => Some(self.secret(ty, *length, example)),
            (ty, Sample::Parts(_)) => self.closure(ty, &field.name.wire),
        }
    }

    /// The closure that builds an object. The member's first letter names its argument.
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

    /// Prints the value of a secret field: a variable in tests, the example in documentation.
    fn secret(
        &mut self,
        ty: &Ty,
        length: Option<(u64, Option<u64>)>,
        example: &str,
    ) -> TokenStream {
        let bytes = *ty == Ty::SecretBytes;
        if self.audience == Audience::Reader {
            let bytes = bytes.then(|| quote! { .as_bytes() });
            return quote! { #example #bytes };
        }
        self.names_secret = true;
        let Some((least, most)) = length else {
            let bytes = bytes.then(|| quote! { .as_bytes() });
            return quote! { secret #bytes };
        };
        let least = proc_macro2::Literal::u64_unsuffixed(least);
        let most = proc_macro2::Literal::u64_unsuffixed(most.unwrap_or(u64::from(u32::MAX)));
        let bytes = bytes.then(|| quote! { .into_bytes() });
        quote! { crate::visitor::bounded(secret, #least, #most) #bytes }
    }

    /// A value without parts. Enums and times come from their text.
    fn scalar(&self, ty: &Ty, value: &Value) -> TokenStream {
        match (ty, value) {
            (Ty::Json, value) => {
                let json = json::tokens(value);
                quote! { serde_json::json!(#json) }
            }
            (Ty::File, _) if self.audience == Audience::Reader => quote! { file },
            (Ty::File, name) => file(name, &FILE.to_token_stream()),
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
}

/// The expression of a file.
pub(super) fn file(name: &Value, content: &TokenStream) -> TokenStream {
    let name = name.as_str().unwrap_or_default();
    quote! { wxpay_api::File::new(#name, #content) }
}
