//! Lowers an operation: its method of the chain, and its module.

use std::collections::BTreeMap;

use wxpay_spec::model::{self, Body, Direction, Endpoint, Idempotency, Integrity};

use super::request::LoweredRequest;
use crate::ir::{
    Argument, Docs, EndpointFacts, Ident, Method, ModulePath, Operation, ResponseType, Source,
};
use crate::lower::context::Lowering;
use crate::lower::docs;
use crate::lower::features::{FeatureCondition, Users};
use crate::lower::names::{self, NameKind, Place, Scope};
use crate::markdown::{code, inline};

/// The position of an operation in the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallSite<'s> {
    pub(super) module: &'s ModulePath,
    /// The chain's struct.
    pub(super) node: &'s Ident,
    /// The condition for compiling the module.
    pub(super) inside_module: &'s FeatureCondition,
    /// The condition for compiling the chain's struct.
    pub(super) inside_node: &'s FeatureCondition,
}

impl Lowering<'_> {
    /// Lowers an operation to a method of the chain and a module.
    pub(super) fn operation(
        &mut self,
        endpoint: &Endpoint,
        method: model::Method,
        operation: &model::Operation,
        site: CallSite<'_>,
    ) -> (Method, Operation) {
        let file = Place::file(&endpoint.source);
        let place = file.key(method.key());
        let name = names::fixed(method.key());
        let module = site.module.child(&name);
        let LoweredRequest { request, start, pieces } = self.request(operation, &module, &place);
        let needs_request = start.is_some() || operation.keeps_closure;
        let condition = Users::one(&endpoint.family).condition(self.layout);
        let host = endpoint.host.as_deref();
        let address = code(&format!("{} {}", method.wire(), endpoint.path));
        let title = inline(&operation.title);
        let product = docs::product(self.spec, &endpoint.family, self.layout);
        let caller = format!("Call it with [`{}::{name}`].", site.node);
        let response = self.response(operation, &module, &place);
        let paging = self.paging(operation, &response, &module, &place);
        let lowered = Operation {
            docs: Docs::new([format!("{title}: {address}"), caller]),
            sample: String::new(),
            gate: condition.gate_inside(site.inside_module),
            struct_docs: Docs::line(format!("{title}, ready to send: {address}")),
            arguments: self.arguments(endpoint, &place),
            new_docs: new_docs(endpoint, operation, needs_request),
            endpoint: endpoint_facts(endpoint, method, operation),
            request,
            needs_request,
            pieces,
            response,
            paging,
            module,
            name: name.clone(),
        };
        let chain = Method {
            docs: docs::method(&product, operation, method, &endpoint.path, host),
            labels: self.labels(endpoint, operation, &name),
            deprecated: operation.deprecated.as_deref().map(docs::deprecation),
            gate: condition.gate_inside(site.inside_node),
            argument: if needs_request { Argument::Request { start } } else { Argument::None },
            download: matches!(operation.response, model::Response::Download(_)),
            name,
        };
        (chain, lowered)
    }

    /// The aliases with which rustdoc's search finds an operation: title, URL, words of products.
    fn labels(
        &self,
        endpoint: &Endpoint,
        operation: &model::Operation,
        name: &Ident,
    ) -> Vec<String> {
        let texts = [&operation.title, &endpoint.path];
        let mut labels: Vec<String> = Vec::new();
        let words = self.words.in_title(&operation.title).map(str::to_owned);
        for label in texts.into_iter().filter_map(|text| docs::label(text)).chain(words) {
            if label != name.text && !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    fn arguments(&mut self, endpoint: &Endpoint, place: &Place<'_>) -> Vec<Ident> {
        let keys = place.key("path");
        let mut scope = Scope::default();
        let mut arguments = Vec::new();
        for segment in endpoint.segments() {
            let model::Segment::Parameter(wire) = &segment else {
                continue;
            };
            let place = keys.key(wire);
            let rust = endpoint.names.get(wire).map(String::as_str);
            let Some(name) = self.name(wire, rust, NameKind::Argument, place) else {
                continue;
            };
            scope.claim(&name, place, &mut self.errors);
            arguments.push(name);
        }
        arguments
    }

    fn response(
        &mut self,
        operation: &model::Operation,
        module: &ModulePath,
        place: &Place<'_>,
    ) -> ResponseType {
        let open = match &operation.response {
            model::Response::Json { body: Body::Fields(fields), .. } if fields.is_empty() => {
                ", a JSON object of unknown members"
            }
            _ => "",
        };
        let docs = Docs::line(format!("{}: the response{open}.", inline(&operation.title)));
        let place = place.key("response");
        let fields: &[model::Field] = match &operation.response {
            model::Response::None { .. } => return ResponseType::NoContent { docs },
            model::Response::Download(_) => return ResponseType::Download { docs },
            model::Response::Json { body: Body::Fields(fields), .. } => fields,
            model::Response::Json { body: Body::Named(id), .. } => {
                if let Some(path) = self.received_type(id, &place) {
                    return ResponseType::Named { path, docs };
                }
                &[]
            }
        };
        let path = module.of(&names::fixed("Response"));
        ResponseType::Own(self.object(path, docs, fields, Direction::Response, &place))
    }
}

/// The source of a node's module: the descriptor of its only endpoint.
pub(super) fn source(endpoints: &[&Endpoint]) -> Source {
    match endpoints {
        [endpoint] => Source::One(endpoint.source.clone()),
        _ => Source::Several,
    }
}

fn endpoint_facts(
    endpoint: &Endpoint,
    method: model::Method,
    operation: &model::Operation,
) -> EndpointFacts {
    let usual = if method == model::Method::Get { Idempotency::Safe } else { Idempotency::Never };
    let integrity: Option<Integrity> = match &operation.response {
        model::Response::None { .. } | model::Response::Json { .. } => None,
        model::Response::Download(download) => Some(download.integrity),
    };
    let statuses = operation.response.statuses();
    EndpointFacts {
        path: endpoint.path.clone(),
        host: endpoint.host.clone(),
        idempotency: Some(&operation.idempotency).filter(|one| **one != usual).cloned(),
        updates: operation.updates,
        statuses: if statuses == [200] { Vec::new() } else { statuses.to_vec() },
        errors: trusted(&operation.errors),
        integrity,
    }
}

/// The codes by which the client knows an unsigned refusal. WeChat Pay itself named them.
fn trusted(errors: &[model::ErrorCode]) -> Vec<String> {
    let is_trusted =
        |error: &&model::ErrorCode| error.source.is_none_or(model::ErrorSource::is_first_hand);
    errors.iter().filter(is_trusted).map(|error| error.code.clone()).collect()
}

fn new_docs(endpoint: &Endpoint, operation: &model::Operation, request: bool) -> Docs {
    let by_name: BTreeMap<_, _> =
        operation.path.iter().map(|field| (field.name.as_str(), field)).collect();
    let mut items = Vec::new();
    for segment in endpoint.segments() {
        if let model::Segment::Parameter(wire) = &segment {
            items.push(docs::argument(wire, by_name.get(wire.as_str()).copied()));
        }
    }
    let what = match (items.is_empty(), request) {
        (true, true) => "Creates the operation with its request.",
        (true, false) => "Creates the operation. `with` sets optional inputs.",
        (false, true) => "Creates the operation from the values of its path and its request.",
        (false, false) => {
            "Creates the operation from the values of its path. `with` sets optional inputs."
        }
    };
    Docs::new([what.to_owned(), items.join("\n")])
}
