//! Prints an enum that keeps unknown values.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::OpenEnum;

/// An enum that keeps the values it does not know.
pub(super) fn open_enum(open: &OpenEnum) -> TokenStream {
    let OpenEnum { path, docs, variants, .. } = open;
    let name = &path.name;
    let known = variants.iter().map(|variant| {
        let (docs, rust) = (&variant.docs, &variant.name.rust);
        quote! { #docs #rust }
    });
    let to_text = variants.iter().map(|variant| {
        let (rust, wire) = (&variant.name.rust, &variant.name.wire);
        quote! { Self::#rust => #wire }
    });
    let from_text = variants.iter().map(|variant| {
        let (rust, wire) = (&variant.name.rust, &variant.name.wire);
        quote! { #wire => Self::#rust }
    });
    let kind = if open.integer {
        quote! { integer }
    } else {
        quote! { text }
    };
    quote! {
        #docs
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#known,)*
            #[doc = " A value that this version does not know, or none."]
            Unknown(::wxpay_api::codegen::Unknown),
        }

        impl #name {
            #[doc = " The value on the wire."]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    #(#to_text,)*
                    Self::Unknown(unknown) => unknown.as_str(),
                }
            }
        }

        impl ::core::convert::From<&str> for #name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    #(#from_text,)*
                    _ => Self::Unknown(::wxpay_api::codegen::Unknown::new(text)),
                }
            }
        }

        ::wxpay_api::codegen::open_enum!(#name, #kind);
    }
}
