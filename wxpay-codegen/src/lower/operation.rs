//! Lowers an operation.

use std::collections::BTreeMap;

use wxpay_spec::model::{self, Body, Direction, Endpoint, Idempotency, Integrity};

use super::gates::{Condition, Users};
use super::known::KnownShape;
use super::names::{self, NameKind};
use super::place::{Place, Scope};
use super::request::Lowered;
use super::{Lowering, docs};
use crate::ir::{Answer, Argument, Docs, Fetch, Ident, Method, ModulePath, Operation, Source};
use crate::markdown::{code, inline};

/// An operation's place in the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'s> {
    pub(super) module: &'s ModulePath,
    /// The chain's struct.
    pub(super) node: &'s Ident,
    /// When the module is compiled.
    pub(super) inside_module: &'s Condition,
    /// When the chain's struct is compiled.
    pub(super) inside_node: &'s Condition,
}

impl Lowering<'_> {
    /// The method of the chain and the module behind it.
    pub(super) fn operation(
        &mut self,
        endpoint: &Endpoint,
        method: model::Method,
        operation: &model::Operation,
        site: Site<'_>,
    ) -> (Method, Operation) {
        let file = Place::file(&endpoint.source);
        let place = file.key(method.key());
        let name = names::fixed(method.key());
        let module = site.module.child(&name);
        let Lowered { request, start, pieces } = self.request(operation, &module, &place);
        let needs_request = start.is_some() || operation.keeps_closure;
        let condition = Users::one(&endpoint.family).condition(self.layout);
        let host = endpoint.host.as_deref();
        let address = code(&format!("{} {}", method.wire(), endpoint.path));
        let title = inline(&operation.title);
        let product = docs::product(self.spec, &endpoint.family, self.layout);
        let caller = format!("Call it with [`{}::{name}`].", site.node);
        let lowered = Operation {
            docs: Docs::new([format!("{title}: {address}"), caller]),
            sample: String::new(),
            gate: condition.gate_inside(site.inside_module),
            struct_docs: Docs::line(format!("{title}, ready to be sent: {address}")),
            arguments: self.arguments(endpoint, &place),
            new_docs: new_docs(endpoint, operation, needs_request),
            fetch: fetch(endpoint, method, operation),
            request,
            needs_request,
            pieces,
            answer: self.answer(operation, &module, &place),
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

    /// The texts by which rustdoc's search finds an operation: title, URL, words of products.
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

    fn answer(
        &mut self,
        operation: &model::Operation,
        module: &ModulePath,
        place: &Place<'_>,
    ) -> Answer {
        let open = match &operation.response {
            model::Response::Json { body: Body::Fields(fields), .. } if fields.is_empty() => {
                ", a JSON object of unknown members"
            }
            _ => "",
        };
        let docs = Docs::line(format!("{}: the response{open}.", inline(&operation.title)));
        let place = place.key("response");
        let fields: &[model::Field] = match &operation.response {
            model::Response::None { .. } => return Answer::NoContent { docs },
            model::Response::Download(_) => return Answer::Download { docs },
            model::Response::Json { body: Body::Fields(fields), .. } => fields,
            model::Response::Json { body: Body::Named(id), .. } => {
                if let Some(path) = self.received_type(id, &place) {
                    return Answer::Named { path, docs };
                }
                &[]
            }
        };
        let path = module.of(&names::fixed("Response"));
        Answer::Own(self.object(path, docs, fields, Direction::Response, &place))
    }

    /// The named object of an answer.
    pub(super) fn received_type(
        &mut self,
        id: &model::TypeId,
        place: &Place<'_>,
    ) -> Option<crate::ir::TypePath> {
        self.reference(id, Direction::Response, place)?;
        let known = self.known.get(id)?;
        if matches!(known.shape, KnownShape::Enum) {
            self.error(place, "a response is an object, not an enum");
            return None;
        }
        Some(known.path.clone())
    }
}

/// The descriptor of a module that one endpoint fills.
pub(super) fn source(endpoints: &[&Endpoint]) -> Source {
    match endpoints {
        [endpoint] => Source::One(endpoint.source.clone()),
        _ => Source::Several,
    }
}

fn fetch(endpoint: &Endpoint, method: model::Method, operation: &model::Operation) -> Fetch {
    let usual = if method == model::Method::Get { Idempotency::Safe } else { Idempotency::Never };
    let integrity: Option<Integrity> = match &operation.response {
        model::Response::None { .. } | model::Response::Json { .. } => None,
        model::Response::Download(download) => Some(download.integrity),
    };
    let statuses = operation.response.statuses();
    Fetch {
        path: endpoint.path.clone(),
        host: endpoint.host.clone(),
        repeat: Some(&operation.idempotency).filter(|repeat| **repeat != usual).cloned(),
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
        (true, true) => "The operation with its request.",
        (true, false) => "The operation; optional inputs are set with `with`.",
        (false, true) => "The operation at a path, with its request.",
        (false, false) => "The operation at a path; optional inputs are set with `with`.",
    };
    Docs::new([what.to_owned(), items.join("\n")])
}
