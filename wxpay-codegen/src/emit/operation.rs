//! Prints the module of an operation.

use proc_macro2::TokenStream;
use quote::quote;
use wxpay_spec::model::{Idempotency, Integrity};

use super::definition::{self, definition};
use super::tokens::relative;
use crate::ir::{Answer, Fetch, ModulePath, Operation, Piece, Request};

/// The module of an operation.
pub(super) fn operation(operation: &Operation) -> TokenStream {
    let Operation { module, name, docs, gate, struct_docs, .. } = operation;
    let new = new(operation);
    let implementation = implementation(operation);
    let request = request_type(&operation.request, module);
    let answer = answer_type(&operation.answer, module);
    quote! {
        #docs
        #gate
        pub mod #name {
            #[doc(hidden)]
            #[doc = " Tells the operation from others."]
            pub enum Kind {}

            #struct_docs
            pub type Operation = ::wxpay_api::codegen::Typed<Kind>;

            #new
            #implementation
            #request
            #answer
        }
    }
}

fn new(operation: &Operation) -> TokenStream {
    let Operation { new_docs, arguments, .. } = operation;
    let (argument, request) = if operation.needs_request {
        (Some(quote! { request: Request }), quote! { request })
    } else {
        (None, quote! { Request::builder() })
    };
    quote! {
        #new_docs
        #[inline]
        pub fn operation(
            #(#arguments: impl ::core::convert::Into<::std::string::String>,)*
            #argument
        ) -> Operation {
            let path = ::wxpay_api::codegen::PathValues::new([#(#arguments.into()),*]);
            Operation::new(path, #request)
        }
    }
}

fn implementation(operation: &Operation) -> TokenStream {
    let fetch = fetch(operation.name.text.as_str(), &operation.fetch);
    let pieces = operation.pieces.iter().map(piece);
    let (request, out) = match operation.pieces.as_slice() {
        [] => (quote! { _ }, quote! { _ }),
        _ => (quote! { request }, quote! { out }),
    };
    quote! {
        impl ::wxpay_api::codegen::OperationKind for Kind {
            type Request = Request;
            type Response = Response;
            const ENDPOINT: &'static ::wxpay_api::codegen::Endpoint = &#fetch;

            #[inline]
            fn encode(#request: &Request, #out: &mut ::wxpay_api::codegen::RequestWriter<'_>) {
                #(#pieces)*
            }
        }
    }
}

fn fetch(method: &str, fetch: &Fetch) -> TokenStream {
    let Fetch { path, host, repeat, updates, statuses, errors, integrity } = fetch;
    let method = quote::format_ident!("{method}");
    let host = host.as_ref().map(|host| quote! { .host(#host) });
    let repeat = repeat.as_ref().map(|repeat| {
        let repeat = match repeat {
            Idempotency::Safe => quote! { Safe },
            Idempotency::Never => quote! { Never },
            Idempotency::NaturalKey(key) => quote! { NaturalKey(#key) },
        };
        quote! { .idempotency(::wxpay_api::codegen::Idempotency::#repeat) }
    });
    let update = updates.then(|| quote! { .update() });
    let statuses: Vec<_> =
        statuses.iter().copied().map(proc_macro2::Literal::u16_unsuffixed).collect();
    let statuses = (!statuses.is_empty()).then(|| quote! { .statuses(&[#(#statuses),*]) });
    let errors = (!errors.is_empty()).then(|| quote! { .errors(&[#(#errors),*]) });
    let integrity = integrity.map(|integrity| {
        let integrity = match integrity {
            Integrity::None => quote! { None },
            Integrity::Sha1 => quote! { Sha1 },
            Integrity::SignedDigest => quote! { SignedDigest },
        };
        quote! { .download(::wxpay_api::codegen::Integrity::#integrity) }
    });
    quote! {
        ::wxpay_api::codegen::Endpoint::#method(#path) #host #repeat #update #statuses #errors #integrity
    }
}

fn piece(piece: &Piece) -> TokenStream {
    let request = quote! { request };
    match piece {
        Piece::Query(member) => definition::put(member, quote! { out.query }, request),
        Piece::Header(member) => definition::put(member, quote! { out.header }, request),
        Piece::Part(member) => definition::put(member, quote! { out.part }, request),
        Piece::NotBoth(one, other) => {
            let [one, other] = [one, other].map(|rival| {
                let name = &rival.name.text;
                let value = definition::value(&rival.value, &request);
                quote! { (#name, #value) }
            });
            quote! { out.not_both(#one, #other); }
        }
        Piece::Body => quote! { out.body(request); },
        Piece::Upload { part, field } => {
            quote! { out.upload(#part, &request.#field, request); }
        }
    }
}

fn request_type(request: &Request, here: &ModulePath) -> TokenStream {
    match request {
        Request::Own(sent) => definition::sent(sent),
        Request::Named { path, docs } => {
            let path = relative(path, here);
            quote! { #docs pub use #path as Request; }
        }
    }
}

fn answer_type(answer: &Answer, here: &ModulePath) -> TokenStream {
    match answer {
        Answer::Own(own) => definition(own),
        Answer::Named { path, docs } => {
            let path = relative(path, here);
            quote! { #docs pub use #path as Response; }
        }
        Answer::NoContent { docs } => {
            quote! { #docs pub use ::wxpay_api::codegen::NoContent as Response; }
        }
        Answer::Download { docs } => {
            quote! { #docs pub use ::wxpay_api::codegen::Download as Response; }
        }
    }
}
