//! Writes a call or the reading of a notification as a person would: the body of a function.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use wxpay_spec::model::{Endpoint, Integrity, Response, Spec};

use super::index::Index;
use super::{expected, expression};
use crate::ir::{
    Api, Definition, Event, Field, Layout, ModulePath, Operation, ResponseStruct, ResponseType,
    Sample, Ty,
};
use crate::{emit, lower};

/// A digest like that in a response with a link.
const DIGEST: &str = "79bb0f45fc4c42234a918000b2668d689e2bde04";

/// Writes calls of one API.
pub(crate) struct Calls<'a> {
    spec: &'a Spec,
    layout: Layout,
    index: Index<'a>,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(spec: &'a Spec, api: &'a Api) -> Self {
        Self { spec, layout: api.layout, index: Index::new(api) }
    }

    /// A call with all required inputs, and a use of the response. `wx` is the client.
    pub(crate) fn operation(
        &self,
        endpoint: &'a Endpoint,
        described: &'a wxpay_spec::model::Operation,
        operation: &'a Operation,
    ) -> TokenStream {
        let values = self.path_values(endpoint, described);
        let chain = self.chain(&operation.module, values);
        let method = &operation.name;
        let request = expression::required(&self.index, operation);
        let file = self.file(operation);
        let call = quote! { #chain.#method(#request) };
        match &operation.response {
            ResponseType::NoContent { .. } => quote! { #file #call.await?; },
            ResponseType::Download { .. } => {
                let digest = digest(&described.response);
                quote! {
                    let file = #call #digest.await?;
                    println!("{} bytes", file.content().len());
                }
            }
            response => {
                let reading = self.reading(response, described, operation);
                quote! { #file let response = #call.await?; #reading }
            }
        }
    }

    /// The reading of a notification's resource. `wx` is the client; `headers` and `body` are the
    /// request's.
    pub(crate) fn notification(&self, event: &Event) -> TokenStream {
        let (path, name) = (emit::from_root(&event.resource), &event.resource.name);
        let received = self.index.received(&event.resource);
        let reading = received
            .map(|received| print_members(&self.index, received, &quote! { resource }, &|_| false));
        quote! {
            use wxpay_api::#path;
            let resource = wx.notification(&headers, &body).await?.resource::<#name>()?;
            #reading
        }
    }

    /// The steps from the client to the node of an operation.
    fn chain(&self, operation: &ModulePath, values: Vec<TokenStream>) -> TokenStream {
        let mut values = values.into_iter();
        let mut module = ModulePath::default();
        let place = operation.names().split_last().map_or(&[][..], |(_, place)| place);
        let start = match self.layout {
            Layout::Library => Some(quote! { wx }),
            Layout::Single => None,
        };
        let chain = place.iter().fold(start, |chain, name| {
            module = module.child(name);
            let Some(step) = self.index.step(&module) else { return chain };
            let value = if step.parameter { values.next() } else { None };
            let name = &step.name;
            Some(match chain {
                Some(chain) => quote! { #chain.#name(#value) },
                // In another crate the chain starts at a function that takes the client.
                None => {
                    let value = value.map(|value| quote! { , #value });
                    quote! { #name(&wx #value) }
                }
            })
        });
        chain.unwrap_or_default()
    }

    /// The values of the path's parameters.
    fn path_values(
        &self,
        endpoint: &Endpoint,
        described: &wxpay_spec::model::Operation,
    ) -> Vec<TokenStream> {
        let samples = expected::path_values(self.spec, endpoint, described);
        let values = described.path.iter().zip(samples).map(|(field, sample)| {
            lower::placeholder(field).map_or(sample, |text| text.to_token_stream())
        });
        values.collect()
    }

    /// The statement that reads an upload's file.
    fn file(&self, operation: &Operation) -> Option<TokenStream> {
        let sent = expression::sent(&self.index, operation)?;
        let file = sent.fields.iter().find(|field| field.ty == Ty::File)?;
        let Sample::Plain(name) = &file.sample else { return None };
        let text = name.as_str()?;
        let file = expression::file(name, &quote! { std::fs::read(#text)? });
        Some(quote! { let file = #file; })
    }

    fn reading(
        &self,
        response: &'a ResponseType,
        described: &wxpay_spec::model::Operation,
        operation: &'a Operation,
    ) -> Option<TokenStream> {
        let received = match response {
            ResponseType::Own(Definition::Response(received)) => received,
            ResponseType::Named { path, .. } => self.index.received(path)?,
            ResponseType::Own(_)
            | ResponseType::NoContent { .. }
            | ResponseType::Download { .. } => return None,
        };
        let sent = expression::sent(&self.index, operation);
        let is_input = |name: &str| {
            described.path.iter().any(|field| field.name == name)
                || sent.is_some_and(|sent| sent.fields.iter().any(|field| field.name.wire == name))
        };
        Some(print_members(&self.index, received, &quote! { response }, &is_input))
    }
}

fn digest(response: &Response) -> Option<TokenStream> {
    match response {
        Response::Download(download) if download.integrity == Integrity::Sha1 => {
            Some(quote! { .sha1(#DIGEST) })
        }
        _ => None,
    }
}

/// The number of members that a sample prints.
const SHOWN: usize = 2;

/// A use of the members of `value`, preferably of those that are not inputs.
fn print_members(
    index: &Index<'_>,
    received: &ResponseStruct,
    value: &TokenStream,
    is_input: &dyn Fn(&str) -> bool,
) -> TokenStream {
    let is_new = |field: &&Field| {
        let name = field.name.wire.as_str();
        !is_input(name) && !is_identity(name)
    };
    texts(received, value, &is_new)
        .or_else(|| list(index, received, value))
        .or_else(|| texts(received, value, &|_| true))
        .or_else(|| other(received, value))
        .unwrap_or_else(|| quote! { println!("{:?}", #value); })
}

/// Prints the first texts that `wanted` accepts.
fn texts(
    received: &ResponseStruct,
    value: &TokenStream,
    wanted: &dyn Fn(&&Field) -> bool,
) -> Option<TokenStream> {
    let fields = received.fields.iter().filter(|field| is_text(&field.ty)).filter(wanted);
    let members: Vec<_> = fields.take(SHOWN).map(|field| member(value, field)).collect();
    let format = vec!["{}"; members.len()].join(" ");
    (!members.is_empty()).then(|| quote! { println!(#format, #(#members),*); })
}

/// Loops over the first list. It is the important member of a response without texts.
fn list(index: &Index<'_>, received: &ResponseStruct, value: &TokenStream) -> Option<TokenStream> {
    received.fields.iter().find_map(|field| {
        let Ty::List(item) = &field.ty else { return None };
        let list = member(value, field);
        let Ty::Object { path, .. } = &**item else {
            return Some(quote! { println!("{:?}", #list); });
        };
        let reading = texts(index.received(path)?, &quote! { item }, &|_| true)?;
        Some(quote! { for item in &#list { #reading } })
    })
}

/// Prints the first member of any kind. A secret's `Debug` shows only its length.
fn other(received: &ResponseStruct, value: &TokenStream) -> Option<TokenStream> {
    let first = member(value, received.fields.first()?);
    Some(quote! { println!("{:?}", #first); })
}

fn member(value: &TokenStream, field: &Field) -> TokenStream {
    let name = &field.name.rust;
    quote! { #value.#name }
}

/// Whether a member identifies the merchant, whom every caller knows.
fn is_identity(name: &str) -> bool {
    name.ends_with("appid") || name.ends_with("mchid")
}

/// Whether a value of the type can be printed with `Display`.
fn is_text(ty: &Ty) -> bool {
    matches!(ty, Ty::String | Ty::Timestamp | Ty::Enum(_))
}
