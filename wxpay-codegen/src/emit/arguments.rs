//! What setters take, and how it becomes the field.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{relative, stage, ty};
use crate::ir::{Field, ModulePath, Ty};

/// The type of a setter's argument.
pub(super) fn argument(field: &Field, from: &ModulePath) -> TokenStream {
    match &field.ty {
        Ty::Integer | Ty::Number | Ty::Boolean | Ty::File => ty(&field.ty, from),
        Ty::Object { path, start } => {
            let object = relative(path, from);
            let start = start.as_ref().map_or_else(|| object.clone(), |start| stage(start, from));
            quote! { impl ::core::ops::FnOnce(#start) -> #object }
        }
        Ty::List(item) => match &**item {
            Ty::Object { path, .. } => {
                let object = relative(path, from);
                let list = quote! { ::wxpay_api::codegen::List<#object> };
                quote! { impl ::core::ops::FnOnce(#list) -> #list }
            }
            item => {
                let item = scalar(item, from);
                quote! { impl ::core::iter::IntoIterator<Item = #item> }
            }
        },
        other => scalar(other, from),
    }
}

/// The field's value, from the argument of the same name.
pub(super) fn value(field: &Field, from: &ModulePath) -> TokenStream {
    let name = &field.name.rust;
    match &field.ty {
        Ty::Integer | Ty::Number | Ty::Boolean | Ty::File => quote! { #name },
        Ty::Object { path, .. } => {
            let object = relative(path, from);
            quote! { #name(#object::builder()) }
        }
        Ty::List(item) => match &**item {
            Ty::Object { .. } => quote! { #name(::wxpay_api::codegen::List::new()).into() },
            item if is_copied(item) => quote! { #name.into_iter().collect() },
            _ => quote! { #name.into_iter().map(::core::convert::Into::into).collect() },
        },
        _ => quote! { #name.into() },
    }
}

fn scalar(item: &Ty, from: &ModulePath) -> TokenStream {
    let plain = ty(item, from);
    if is_copied(item) {
        return plain;
    }
    quote! { impl ::core::convert::Into<#plain> }
}

fn is_copied(item: &Ty) -> bool {
    matches!(item, Ty::Integer | Ty::Number | Ty::Boolean)
}
