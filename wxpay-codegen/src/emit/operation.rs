//! Prints the module of an operation.

use proc_macro2::TokenStream;
use quote::quote;
use wxpay_spec::model::{Idempotency, Integrity};

use super::definition::{self, definition};
use super::tokens::{relative, ty};
use crate::ir::{
    EndpointFacts, ModulePath, Operation, PageInput, Paging, Piece, RequestType, ResponseType,
};

/// Prints the module of an operation.
pub(super) fn operation(operation: &Operation) -> TokenStream {
    let Operation { module, name, docs, gate, struct_docs, .. } = operation;
    let new = new(operation);
    let implementation = implementation(operation);
    let paged = operation.paging.as_ref().map(|paging| paged(paging, module));
    let request = request_type(&operation.request, module);
    let response = response_type(&operation.response, module);
    quote! {
        #docs
        #gate
        pub mod #name {
            #[doc = " Distinguishes this operation's type from those of other operations."]
            #[doc(hidden)]
            pub enum Kind {}

            #struct_docs
            pub type Operation = ::wxpay_api::codegen::Typed<Kind>;

            #new
            #implementation
            #paged
            #request
            #response
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
    let endpoint = endpoint(operation.name.text.as_str(), &operation.endpoint);
    let pieces = operation.pieces.iter().map(piece);
    let (request, out) = match operation.pieces.as_slice() {
        [] => (quote! { _ }, quote! { _ }),
        _ => (quote! { request }, quote! { out }),
    };
    quote! {
        impl ::wxpay_api::codegen::OperationKind for Kind {
            type Request = Request;
            type Response = Response;
            const ENDPOINT: &'static ::wxpay_api::codegen::Endpoint = &#endpoint;

            #[inline]
            fn encode(#request: &Request, #out: &mut ::wxpay_api::codegen::RequestWriter<'_>) {
                #(#pieces)*
            }
        }
    }
}

/// What fetches page after page of a list.
fn paged(paging: &Paging, module: &ModulePath) -> TokenStream {
    let Paging { items, item, by, limit, confirmed_limit, total } = paging;
    let item = ty(item, module);
    let (input, next) = match by {
        PageInput::Offset(input) => (quote! { offset(&mut request.#input) }, None),
        PageInput::Number { input, first } => {
            let first = proc_macro2::Literal::i64_unsuffixed(*first);
            (quote! { number(&mut request.#input, #first) }, None)
        }
        PageInput::Token { input, next } => {
            (quote! { token(&mut request.#input) }, Some(quote! { .next_token(&response.#next) }))
        }
    };
    let limit = limit.as_ref().map(|limit| quote! { .limit(request.#limit) });
    let confirmed = confirmed_limit.as_ref().map(|limit| quote! { .limit(response.#limit) });
    let total = total.as_ref().map(|total| quote! { .total(response.#total) });
    quote! {
        impl ::wxpay_api::codegen::Paged for Kind {
            type Item = #item;

            fn inputs(request: &mut Request) -> ::wxpay_api::codegen::PageInputs<'_> {
                ::wxpay_api::codegen::PageInputs::#input #limit
            }

            fn page(response: &Response) -> ::wxpay_api::codegen::Page<'_> {
                ::wxpay_api::codegen::Page::of(&response.#items) #total #confirmed #next
            }

            fn items(response: Response) -> ::std::vec::Vec<Self::Item> {
                response.#items
            }
        }
    }
}

fn endpoint(method: &str, facts: &EndpointFacts) -> TokenStream {
    let EndpointFacts { path, host, idempotency, updates, statuses, errors, integrity } = facts;
    let method = quote::format_ident!("{method}");
    let host = host.as_ref().map(|host| quote! { .host(#host) });
    let idempotency = idempotency.as_ref().map(|idempotency| {
        let idempotency = match idempotency {
            Idempotency::Safe => quote! { Safe },
            Idempotency::Never => quote! { Never },
            Idempotency::NaturalKey(key) => quote! { NaturalKey(#key) },
        };
        quote! { .idempotency(::wxpay_api::codegen::Idempotency::#idempotency) }
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
        ::wxpay_api::codegen::Endpoint::#method(#path) #host #idempotency #update #statuses #errors #integrity
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

fn request_type(request: &RequestType, here: &ModulePath) -> TokenStream {
    match request {
        RequestType::Own(sent) => definition::sent(sent),
        RequestType::Named { path, docs } => {
            let path = relative(path, here);
            quote! { #docs pub use #path as Request; }
        }
    }
}

fn response_type(response: &ResponseType, here: &ModulePath) -> TokenStream {
    match response {
        ResponseType::Own(own) => definition(own),
        ResponseType::Named { path, docs } => {
            let path = relative(path, here);
            quote! { #docs pub use #path as Response; }
        }
        ResponseType::NoContent { docs } => {
            quote! { #docs pub use ::wxpay_api::codegen::NoContent as Response; }
        }
        ResponseType::Download { docs } => {
            quote! { #docs pub use ::wxpay_api::codegen::Download as Response; }
        }
    }
}
