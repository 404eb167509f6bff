//! Writes the functions that pass samples to a visitor, in one module per product family.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use wxpay_spec::model::{CORE, Notification, Spec};

use super::index::{Index, described, notification_name, operation_name};
use super::{expected, expression, json, response};
use crate::ir::{Api, Event, Gate, Ident, Operation, ResponseType};
use crate::{emit, lower};

/// Writes the visits of all samples.
pub(super) struct VisitWriter<'a> {
    spec: &'a Spec,
    index: Index<'a>,
}

impl<'a> VisitWriter<'a> {
    pub(super) fn new(spec: &'a Spec, api: &'a Api) -> Self {
        Self { spec, index: Index::new(api) }
    }

    /// The source with all visits.
    pub(super) fn file(&self, api: &Api) -> TokenStream {
        let mut families: BTreeMap<&str, Family<'_>> = BTreeMap::new();
        for operation in api.operations() {
            let Some((family, function)) = self.operation(operation) else { continue };
            families.entry(family).or_insert_with(|| Family::new(family)).operations.push(function);
        }
        // Lowering keeps the order of the descriptors and loses none without an error.
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
        let visit = match &operation.response {
            ResponseType::NoContent { .. } => quote! { no_content(expected, operation) },
            ResponseType::Download { .. } => quote! { download(expected, operation) },
            ResponseType::Own(_) | ResponseType::Named { .. } => {
                let secrets = response::secrets_of_response(&self.index, &operation.response);
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
        let members = json::literal(&response::resource(self.spec, notification));
        let secrets = response::secrets_of_type(&self.index, &event.resource);
        let events = &notification.events;
        let response = self.notification_response(place, notification);
        Function {
            docs: format!(" {}: `{place}`", notification.title),
            name: notification_name(place),
            takes_secret: false,
            body: quote! {
                use wxpay_api::notifications::Event;
                let expected = ExpectedResource {
                    name: #place,
                    events: &[#(#events),*],
                    members: #members,
                    is_event: |event| matches!(event, Event::#variant(_)),
                };
                visitor.resource::<wxpay_api::#resource>(expected, &[#(#secrets),*]);
                #response
            },
        }
    }

    /// The visit of the response that a notification asks for.
    fn notification_response(
        &self,
        place: &str,
        notification: &Notification,
    ) -> Option<TokenStream> {
        let asked = notification.response.as_ref()?;
        let sent = self.index.notification_response(place)?;
        let path = emit::from_root(&sent.path);
        let (value, _) =
            expression::whole(&self.index, sent, quote! { wxpay_api::#path::builder() });
        let body = json::literal(&expected::document(self.spec, &asked.body));
        Some(quote! {
            let response = #value;
            visitor.response(#place, #body, response);
        })
    }
}

/// The samples of a product family. They form a module that needs the family's feature.
struct Family<'a> {
    name: &'a str,
    module: Option<Ident>,
    operations: Vec<Function>,
    resources: Vec<Function>,
}

/// A function with one visit.
struct Function {
    docs: String,
    name: proc_macro2::Ident,
    takes_secret: bool,
    body: TokenStream,
}

impl<'a> Family<'a> {
    fn new(name: &'a str) -> Self {
        let (operations, resources) = (Vec::new(), Vec::new());
        Self { name, module: lower::module_name(name), operations, resources }
    }

    fn call_operations(&self) -> Option<TokenStream> {
        let secret = self.takes_secret().then(|| quote! { , secret });
        self.call(&self.operations, &quote! { operations(visitor #secret) })
    }

    fn call_resources(&self) -> Option<TokenStream> {
        self.call(&self.resources, &quote! { resources(visitor) })
    }

    fn call(&self, functions: &[Function], call: &TokenStream) -> Option<TokenStream> {
        let (gate, module) = (self.gate(), &self.module);
        (!functions.is_empty()).then(|| quote! { #gate #module::#call; })
    }

    fn module(&self) -> TokenStream {
        let (gate, module) = (self.gate(), &self.module);
        let secret = self.takes_secret().then(|| quote! { , secret: &str });
        let operations = visit_all("operation", &self.operations, secret);
        let resources = visit_all("resource", &self.resources, None);
        let mut imports = Vec::new();
        imports.extend((!self.operations.is_empty()).then(|| quote! { Expected }));
        imports.extend((!self.resources.is_empty()).then(|| quote! { ExpectedResource }));
        let functions = self.operations.iter().chain(&self.resources).map(Function::text);
        quote! {
            #gate
            mod #module {
                use crate::visitor::{#(#imports,)* Visitor};

                #operations
                #resources
                #(#functions)*
            }
        }
    }

    fn takes_secret(&self) -> bool {
        self.operations.iter().any(|function| function.takes_secret)
    }

    fn gate(&self) -> Gate {
        Gate((self.name != CORE).then(|| [self.name.to_owned()].into()))
    }
}

/// The function with all visits of one kind. Without visits there is none.
fn visit_all(
    kind: &str,
    functions: &[Function],
    secret: Option<TokenStream>,
) -> Option<TokenStream> {
    let (name, docs) = (format_ident!("{kind}s"), format!(" Visits every {kind}."));
    let calls = functions.iter().map(Function::call);
    (!functions.is_empty()).then(|| {
        quote! {
            #[doc = #docs]
            pub(super) fn #name(visitor: &mut impl Visitor #secret) { #(#calls)* }
        }
    })
}

impl Function {
    fn call(&self) -> TokenStream {
        let name = &self.name;
        let secret = self.takes_secret.then(|| quote! { , secret });
        quote! { #name(visitor #secret); }
    }

    fn text(&self) -> TokenStream {
        let Self { docs, name, body, .. } = self;
        let secret = self.takes_secret.then(|| quote! { , secret: &str });
        quote! {
            #[doc = #docs]
            fn #name(visitor: &mut impl Visitor #secret) { #body }
        }
    }
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
