//! Prints a type with its companion module.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ty;
use super::{open_enum, request, response};
use crate::ir::{Companion, Definition, Field, ModulePath};

/// A type with its companion module.
pub(super) fn definition(definition: &Definition) -> TokenStream {
    match definition {
        Definition::Sent(sent) => request::sent(sent),
        Definition::Received(received) => response::received(received),
        Definition::Enum(open) => open_enum::open_enum(open),
    }
}

/// A companion module: the stages of the builder, if any, then the nested types.
pub(super) fn companion(companion: &Companion, stages: Option<TokenStream>) -> TokenStream {
    let Companion { name, docs, types } = companion;
    let types = types.iter().map(definition);
    quote! { #docs pub mod #name { #stages #(#types)* } }
}

/// A field of a struct.
pub(super) fn struct_field(field: &Field, here: &ModulePath) -> TokenStream {
    let Field { docs, name, .. } = field;
    let name = &name.rust;
    let plain = ty(&field.ty, here);
    let ty = if field.wrapped {
        quote! { ::core::option::Option<#plain> }
    } else {
        plain
    };
    quote! { #docs pub #name: #ty }
}
