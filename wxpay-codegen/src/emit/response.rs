//! Prints a response struct and its decoding.

use proc_macro2::TokenStream;
use quote::quote;

use super::definition::{companion, struct_field};
use super::events::notification_shape;
use crate::ir::Received;

/// A struct that comes back: the struct, its decoding, its companion.
pub(super) fn received(received: &Received) -> TokenStream {
    let Received { path, docs, fields, companion: module, shapes } = received;
    let (here, name) = (&path.module, &path.name);
    let struct_fields = fields.iter().map(|field| struct_field(field, here));
    let decode = decode(received);
    let resource = (!shapes.is_empty()).then(|| {
        let shapes = shapes.iter().map(notification_shape);
        quote! {
            impl ::wxpay_api::codegen::Resource for #name {
                const SHAPES: &'static [::wxpay_api::codegen::NotificationShape] = &[#(#shapes,)*];
            }
        }
    });
    let module = module.as_ref().map(|module| companion(module, None));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name { #(#struct_fields,)* }
        #decode
        #resource
        #module
    }
}

fn decode(received: &Received) -> TokenStream {
    let name = &received.path.name;
    let fields = received.fields.iter().map(|field| {
        let (rust, wire) = (&field.name.rust, &field.name.wire);
        if field.json_text {
            quote! { #rust: members.json_text(#wire) }
        } else {
            quote! { #rust: members.take(#wire) }
        }
    });
    let members = match received.fields.is_empty() {
        true => quote! { _ },
        false => quote! { members },
    };
    quote! {
        impl ::wxpay_api::codegen::FromMembers for #name {
            #[inline]
            fn from_members(#members: ::wxpay_api::codegen::Members<'_>) -> Self {
                Self { #(#fields,)* }
            }
        }

        ::wxpay_api::codegen::empty_by_default!(#name);
    }
}
