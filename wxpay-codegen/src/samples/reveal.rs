//! How a test reaches the secrets of an answer: one accessor for each, by its key path.

use proc_macro2::TokenStream;
use quote::quote;

use super::index::Index;
use crate::ir::{Answer, Definition, Field, Received, Ty, TypePath};

/// The secrets of an answer.
pub(super) fn of_answer(index: &Index<'_>, answer: &Answer) -> Vec<TokenStream> {
    match answer {
        Answer::Own(Definition::Received(received)) => accessors(index, received),
        Answer::Named { path, .. } => of_type(index, path),
        Answer::Own(_) | Answer::NoContent { .. } | Answer::Download { .. } => Vec::new(),
    }
}

/// The secrets of a type.
pub(super) fn of_type(index: &Index<'_>, path: &TypePath) -> Vec<TokenStream> {
    index.received(path).map(|received| accessors(index, received)).unwrap_or_default()
}

fn accessors(index: &Index<'_>, received: &Received) -> Vec<TokenStream> {
    let mut walk = SecretWalk { index, inside: Vec::new(), found: Vec::new() };
    walk.object(received, "", &quote! { answer });
    walk.found
}

struct SecretWalk<'a> {
    index: &'a Index<'a>,
    /// The objects around the current place: a type inside itself ends there.
    inside: Vec<&'a TypePath>,
    found: Vec<TokenStream>,
}

impl<'a> SecretWalk<'a> {
    fn object(&mut self, received: &'a Received, path: &str, place: &TokenStream) {
        if self.inside.contains(&&received.path) {
            return;
        }
        self.inside.push(&received.path);
        for field in &received.fields {
            self.field(field, path, place);
        }
        self.inside.pop();
    }

    fn field(&mut self, field: &'a Field, path: &str, place: &TokenStream) {
        let separator = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{separator}{}", field.name.wire);
        let name = &field.name.rust;
        let place = quote! { #place.#name };
        match &field.ty {
            Ty::List(item) => self.value(item, &format!("{path}[0]"), &quote! { #place.first()? }),
            ty if field.wrapped => self.value(ty, &path, &quote! { #place.as_ref()? }),
            ty => self.value(ty, &path, &place),
        }
    }

    fn value(&mut self, ty: &Ty, path: &str, place: &TokenStream) {
        match ty {
            Ty::Secret => self.found.push(quote! {
                (#path, |answer| #place.plaintext().map(str::as_bytes))
            }),
            Ty::SecretBytes => self.found.push(quote! { (#path, |answer| #place.plaintext()) }),
            Ty::Object { path: object, .. } => {
                if let Some(received) = self.index.received(object) {
                    self.object(received, path, place);
                }
            }
            _ => {}
        }
    }
}
