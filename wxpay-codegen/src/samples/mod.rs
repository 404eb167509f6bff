//! A sample of every operation and notification, as one Rust source for the library's tests.
//!
//! Each operation becomes a function that builds the typed operation the way a user writes it,
//! with every input it has, and hands it to a visitor together with what the descriptor expects on
//! the wire. What is expected comes from the descriptors directly and not from the intermediate
//! representation, so that a mistake of lowering shows up as a difference.

mod answer;
mod call;
mod expected;
mod expression;
mod family;
mod index;
mod json;
mod reading;
mod reveal;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use wxpay_spec::model::{self, Endpoint, Method, Notification, Spec};

use crate::error::{Errors, unprintable};
use crate::ir::{Answer, Api, Content, Event, Layout, Module, Operation, Source};
use crate::{emit, lower, parallel, print};
use family::{Family, Function};
use index::Index;

pub(crate) use call::Calls;
pub(crate) use json::text as json_text;

/// The content of every file that a sample uploads.
const FILE: &str = "sample";

/// Writes the source with a sample of every operation and of every notification's resource.
///
/// It expects a module `crate::visitor` with what it imports from there.
///
/// # Errors
///
/// As [`generate`](crate::generate).
pub fn samples(spec: &Spec) -> Result<String, Errors> {
    of_api(spec, &lower::lower(spec, Layout::Library)?)
}

/// The samples of what was lowered already.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<String, Errors> {
    let sampling = Sampling { spec, index: Index::new(api) };
    print::library_file(&Source::Several, sampling.file(api)).map_err(|error| {
        let mut errors = Errors::default();
        errors.add(unprintable("samples", &error));
        errors
    })
}

/// What is known while samples are written.
struct Sampling<'a> {
    spec: &'a Spec,
    index: Index<'a>,
}

impl<'a> Sampling<'a> {
    fn file(&self, api: &Api) -> TokenStream {
        let mut families: BTreeMap<&str, Family<'_>> = BTreeMap::new();
        for operation in api.operations() {
            let Some((family, function)) = self.operation(operation) else { continue };
            families.entry(family).or_insert_with(|| Family::new(family)).operations.push(function);
        }
        // Lowering keeps the order of the descriptors, and leaves out none without an error.
        for ((place, notification), event) in self.spec.notifications.iter().zip(api.events()) {
            let family = notification.family.as_str();
            let function = self.resource(place, notification, event);
            families.entry(family).or_insert_with(|| Family::new(family)).resources.push(function);
        }
        let operations = families.values().map(Family::call_operations);
        let resources = families.values().map(Family::call_resources);
        let modules = families.values().map(Family::module);
        quote! {
            use crate::visitor::Visitor;

            #[doc = " Visits every operation with all its inputs; `secret` is the value of each secret."]
            pub(crate) fn operations(visitor: &mut impl Visitor, secret: &str) { #(#operations)* }

            #[doc = " Visits the resource of every notification."]
            pub(crate) fn resources(visitor: &mut impl Visitor) { #(#resources)* }

            #(#modules)*
        }
    }

    /// The function that visits an operation, and its family.
    fn operation(&self, operation: &Operation) -> Option<(&'a str, Function)> {
        let (endpoint, method, described) = described(self.spec, operation)?;
        let expected = expected::expected(self.spec, endpoint, method, described);
        let path = expected::path_values(self.spec, endpoint, described);
        let (value, takes_secret) = expression::operation(&self.index, operation, &path);
        let visit = match &operation.answer {
            Answer::NoContent { .. } => quote! { no_content(expected, operation) },
            Answer::Download { .. } => quote! { download(expected, operation) },
            Answer::Own(_) | Answer::Named { .. } => {
                let secrets = reveal::of_answer(&self.index, &operation.answer);
                quote! { operation(expected, operation, &[#(#secrets),*]) }
            }
        };
        let function = Function {
            docs: format!(" {}: `{} {}`", described.title, method.wire(), endpoint.path),
            name: operation_name(operation),
            takes_secret,
            body: {
                let imports = imports(operation);
                quote! {
                    #imports
                    let expected = #expected;
                    let operation = #value;
                    visitor.#visit;
                }
            },
        };
        Some((&endpoint.family, function))
    }

    fn resource(&self, place: &str, notification: &Notification, event: &Event) -> Function {
        let (resource, variant) = (emit::from_root(&event.resource), &event.name);
        let answer = json::literal(&answer::resource(self.spec, notification));
        let secrets = reveal::of_type(&self.index, &event.resource);
        let events = &notification.events;
        Function {
            docs: format!(" {}: `{place}`", notification.title),
            name: notification_name(place),
            takes_secret: false,
            body: quote! {
                use wxpay_api::notifications::Event;
                let expected = ExpectedResource {
                    name: #place,
                    events: &[#(#events),*],
                    members: #answer,
                    is_event: |event| matches!(event, Event::#variant(_)),
                };
                visitor.resource::<wxpay_api::#resource>(expected, &[#(#secrets),*]);
            },
        }
    }
}

/// Writes the sample of every operation into it.
pub(crate) fn attach(spec: &Spec, api: &mut Api) -> Result<(), Errors> {
    let operations: Vec<_> = api.operations().collect();
    let calls = Calls::new(spec, api);
    let written = parallel::map(&operations, |operation| {
        let Some((endpoint, _, described)) = described(spec, operation) else {
            return Ok(String::new());
        };
        let sample = calls.operation(endpoint, described, operation);
        print::statements(&sample).map_err(|error| unprintable(&endpoint.path, &error))
    });
    let mut errors = Errors::default();
    let mut samples = written.into_iter().map(|sample| {
        sample.unwrap_or_else(|error| {
            errors.add(error);
            String::new()
        })
    });
    attach_below(&mut api.modules, &mut samples);
    drop(samples);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn attach_below(modules: &mut [Module], samples: &mut impl Iterator<Item = String>) {
    for module in modules {
        for content in &mut module.contents {
            if let Content::Node(node) = content {
                for (operation, sample) in node.operations.iter_mut().zip(&mut *samples) {
                    operation.sample = sample;
                }
            }
        }
        attach_below(&mut module.children, samples);
    }
}

/// What the descriptors say of an operation.
pub(crate) fn described<'a>(
    spec: &'a Spec,
    operation: &Operation,
) -> Option<(&'a Endpoint, Method, &'a model::Operation)> {
    let endpoint = spec.endpoints.get(&operation.fetch.path)?;
    let mut methods = endpoint.operations.iter();
    let (method, described) = methods.find(|(method, _)| method.key() == operation.name.text)?;
    Some((endpoint, *method, described))
}

/// The function's name for an operation.
pub(crate) fn operation_name(operation: &Operation) -> proc_macro2::Ident {
    function_name(operation.module.names().iter().map(|name| name.text.as_str()))
}

/// The function's name for a notification.
pub(crate) fn notification_name(place: &str) -> proc_macro2::Ident {
    function_name(["notification"].into_iter().chain(place.split('/')))
}

/// The words in one; whatever cannot stand in a name is told apart by its code.
fn function_name<'a>(words: impl Iterator<Item = &'a str>) -> proc_macro2::Ident {
    let mut name = String::new();
    for word in words {
        for character in word.chars() {
            match character {
                '_' | 'a'..='z' | 'A'..='Z' | '0'..='9' => name.push(character),
                '-' => name.push('_'),
                other => name.push_str(&format!("x{:x}", u32::from(other))),
            }
        }
        // Twice, so that `a/b_c` and `a_b/c` stay two.
        name.push_str("__");
    }
    format_ident!("{}", name.trim_end_matches('_'))
}

fn imports(operation: &Operation) -> TokenStream {
    let module = emit::module_from_root(&operation.module);
    if operation.needs_request {
        return quote! { use wxpay_api::#module {Request, operation}; };
    }
    let has_inputs = !operation.pieces.is_empty();
    let with = has_inputs.then(|| quote! { use wxpay_api::Operation as _; });
    quote! { use wxpay_api::#module operation; #with }
}

impl Api {
    /// Every operation, in the order of the descriptors.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        let nodes = self.contents().filter_map(|content| match content {
            Content::Node(node) => Some(&node.operations),
            Content::Definition(_) | Content::Events(_) => None,
        });
        nodes.flatten()
    }

    /// Every notification, in the order of the descriptors.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        let events = self.contents().filter_map(|content| match content {
            Content::Events(events) => Some(&events.events),
            Content::Node(_) | Content::Definition(_) => None,
        });
        events.flatten()
    }
}
