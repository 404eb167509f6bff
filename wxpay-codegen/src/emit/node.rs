//! Prints a node of the chain: the struct of one URL prefix, with a method per next step.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation;
use super::tokens::{relative, sample, stage};
use crate::ir::{Argument, Link, Method, ModulePath, Node};

/// Prints a node of the chain: its struct, its methods, its operations.
pub(super) fn node(node: &Node, here: &ModulePath) -> TokenStream {
    let Node { path, docs, gate, links, methods, operations } = node;
    let name = &path.name;
    let links = links.iter().map(|entry| link(entry, here));
    // Methods and operations have the same order.
    let methods = methods.iter().zip(operations);
    let methods = methods.map(|(call, operation)| method(call, &operation.sample, here));
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
    let closed = closed(link, here);
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

            #closed
        }
    } else {
        quote! {
            #docs
            #gate
            #[inline]
            pub fn #name(&self) -> #target { #target(self.0.child()) }

            #closed
        }
    }
}

/// Prints the method that replaces a link while its features are off.
///
/// No type fulfils the method's bound, so that the compiler names the feature. The method returns
/// any type: a fixed type would cause further messages about methods that the type lacks.
pub(super) fn closed(link: &Link, here: &ModulePath) -> Option<TokenStream> {
    let Link { name, gate, parameter, marker, .. } = link;
    let marker = relative(marker.as_ref()?, here);
    let features: Vec<_> = gate.0.iter().flatten().collect();
    let condition = match features.as_slice() {
        [feature] => quote! { feature = #feature },
        all => quote! { any(#(feature = #all),*) },
    };
    let argument = parameter.then(|| {
        quote! { _: impl ::core::convert::Into<::std::string::String> }
    });
    Some(quote! {
        #[cfg(not(#condition))]
        #[doc(hidden)]
        pub fn #name<'a, Place>(&'a self, #argument) -> Place
        where
            &'a Self: #marker,
        {
            #marker::place(self)
        }
    })
}

fn method(method: &Method, statements: &str, here: &ModulePath) -> TokenStream {
    let Method { name, docs, labels, gate, argument, .. } = method;
    let sample = sample(statements);
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
        #sample
        #(#[doc(alias = #labels)])*
        #deprecated
        #gate
        #[inline]
        pub fn #name(&self, #argument) -> ::wxpay_api::codegen::#returned<#name::Operation> {
            self.0.#call(#request)
        }
    }
}
