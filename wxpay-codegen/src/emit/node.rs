use proc_macro2::TokenStream;
use quote::quote;

use super::operation;
use super::tokens::{relative, stage};
use crate::ir::{Argument, Link, Method, ModulePath, Node};

/// A place of the chain: its struct, its methods, its operations.
pub(super) fn node(node: &Node, here: &ModulePath) -> TokenStream {
    let Node { path, docs, gate, links, methods, operations } = node;
    let name = &path.name;
    let links = links.iter().map(|entry| link(entry, here));
    let methods = methods.iter().map(|call| method(call, here));
    let operations = operations.iter().map(operation::operation);
    quote! {
        #docs
        #gate
        pub struct #name(pub(super) ::wxpay_api::codegen::Node);

        #gate
        impl #name {
            #(#links)*
            #(#methods)*
        }

        #(#operations)*
    }
}

fn link(link: &Link, here: &ModulePath) -> TokenStream {
    let Link { name, docs, gate, .. } = link;
    let target = relative(&link.target, here);
    if link.parameter {
        quote! {
            #docs
            #gate
            #[inline]
            pub fn #name(
                &self,
                #name: impl ::core::convert::Into<::std::string::String>,
            ) -> #target {
                #target(self.0.parameter(#name))
            }
        }
    } else {
        quote! {
            #docs
            #gate
            #[inline]
            pub fn #name(&self) -> #target { #target(self.0.child()) }
        }
    }
}

fn method(method: &Method, here: &ModulePath) -> TokenStream {
    let Method { name, docs, labels, gate, argument, .. } = method;
    let deprecated = method.deprecated.as_ref().map(|note| quote! { #[deprecated(note = #note)] });
    let (call, returned) = if method.download {
        (quote! { download }, quote! { DownloadCall })
    } else {
        (quote! { call }, quote! { Call })
    };
    let (argument, request) = match argument {
        Argument::None => (None, quote! { #name::Request::builder() }),
        Argument::Request { start } => {
            let whole = quote! { #name::Request };
            let start = start.as_ref().map_or_else(|| whole.clone(), |start| stage(start, here));
            let closure = quote! { impl ::core::ops::FnOnce(#start) -> #whole };
            (Some(quote! { request: #closure }), quote! { request(#name::Request::builder()) })
        }
    };
    quote! {
        #docs
        #(#[doc(alias = #labels)])*
        #deprecated
        #gate
        #[inline]
        pub fn #name(&self, #argument) -> ::wxpay_api::codegen::#returned<#name::Operation> {
            self.0.#call(#request)
        }
    }
}
