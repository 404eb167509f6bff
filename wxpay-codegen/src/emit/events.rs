//! Prints the enum of all notification resources, and the shapes that distinguish them.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::relative;
use crate::ir::{Event, Events, ModulePath, NotificationShape};

/// Prints the enum of all notification resources, and the function that recognises the resource.
pub(super) fn events(events: &Events, here: &ModulePath) -> TokenStream {
    let variants = events.events.iter().map(|event| variant(event, here));
    let candidates = events.events.iter().map(candidate);
    quote! {
        #[doc = " The resource of a notification."]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            #[doc = " Several resources fit, and the notification does not show which one it is."]
            Ambiguous(::std::vec::Vec<Event>),
            #[doc = " This version does not know the resource, or the cargo feature of its product is off."]
            Unknown,
        }

        #[doc = " Reads the resource of a notification."]
        #[inline]
        pub fn event(notification: &::wxpay_api::codegen::Notification) -> Event {
            let mut fitting = ::wxpay_api::codegen::fitting(notification, CANDIDATES);
            match fitting.len() {
                0 => Event::Unknown,
                1 => fitting.remove(0),
                _ => Event::Ambiguous(fitting),
            }
        }

        const CANDIDATES: &[::wxpay_api::codegen::Candidate<Event>] = &[#(#candidates,)*];
    }
}

fn variant(event: &Event, here: &ModulePath) -> TokenStream {
    let Event { name, docs, gate, resource, .. } = event;
    let resource = relative(resource, here);
    quote! { #docs #gate #name(::std::boxed::Box<#resource>) }
}

fn candidate(event: &Event) -> TokenStream {
    let Event { name, gate, shape, .. } = event;
    let shape = notification_shape(shape);
    quote! {
        #gate
        ::wxpay_api::codegen::Candidate {
            shape: #shape,
            read: |value| {
                ::wxpay_api::codegen::Decode::decode(value)
                    .map(|resource| Event::#name(::std::boxed::Box::new(resource)))
            },
        }
    }
}

/// Prints the facts that distinguish a resource from others of the same event.
pub(super) fn notification_shape(shape: &NotificationShape) -> TokenStream {
    let NotificationShape { events, shared, original_type, present, absent } = shape;
    let original_type = match original_type {
        Some(text) => quote! { ::core::option::Option::Some(#text) },
        None => quote! { ::core::option::Option::None },
    };
    quote! {
        ::wxpay_api::codegen::NotificationShape {
            events: &[#(#events),*],
            shared: &[#(#shared),*],
            original_type: #original_type,
            present: &[#(#present),*],
            absent: &[#(#absent),*],
        }
    }
}
