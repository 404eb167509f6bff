//! The chains: an interface for each part of a URL, with its methods and what comes behind it.

use std::collections::BTreeMap;

use super::super::chain::member;
use super::operation;
use super::source::{Taken, TsSource, capitalised, key};
use super::types::TsTypes;
use crate::model::{Endpoint, Method, Segment, Spec};

/// The namespace of the chains.
const NAMESPACE: &str = "WeChatPay.OpenAPI";

/// A part of a URL, with what comes behind it.
#[derive(Debug, Default)]
struct Part<'s> {
    endpoint: Option<&'s Endpoint>,
    parts: BTreeMap<Segment, Part<'s>>,
}

/// Writes every chain, and the `wxpay` that they begin with.
pub(super) fn all(source: &mut TsSource, spec: &Spec, types: &TsTypes) {
    let mut root = Part::default();
    for endpoint in spec.endpoints.values() {
        let segments = endpoint.segments().into_iter();
        let part = segments.fold(&mut root, |part, one| part.parts.entry(one).or_default());
        part.endpoint = Some(endpoint);
    }
    let context = Chain { spec, types };
    let names = context.parts(source, NAMESPACE, &root);
    source.line("");
    source.block("export interface Wechatpay", |source| {
        for (member, name) in &names {
            source.line(&format!("{}: {NAMESPACE}.{name}", key(member)));
        }
    });
    source.line("export declare const wxpay: Wechatpay");
}

/// The name of a part in the chain, and its interface.
type Named = (String, String);

struct Chain<'s> {
    spec: &'s Spec,
    types: &'s TsTypes,
}

impl Chain<'_> {
    /// Writes what is behind a part of a URL, into the namespace of that part.
    fn parts(&self, source: &mut TsSource, namespace: &str, part: &Part<'_>) -> Vec<Named> {
        let mut taken = Taken::default();
        let mut names = Vec::new();
        let mut inner = Vec::new();
        for (segment, part) in &part.parts {
            let member = member(segment);
            let name = taken.take(capitalised(&member));
            let inside = format!("{namespace}.{name}");
            self.operations(source, &inside, part);
            inner.push((part, name.clone(), self.parts(source, &inside, part)));
            names.push((member, name));
        }
        source.namespace(namespace, |source| {
            for (part, name, inside) in &inner {
                self.interface(source, part, name, inside);
            }
        });
        names
    }

    fn operations(&self, source: &mut TsSource, namespace: &str, part: &Part<'_>) {
        for (method, operation) in part.endpoint.iter().flat_map(|one| &one.operations) {
            let namespace = format!("{namespace}.{}HttpMethod", capitalised(method.key()));
            source.namespace(&namespace, |source| {
                operation::types(source, self.spec, *method, operation, self.types);
            });
        }
    }

    fn interface(&self, source: &mut TsSource, part: &Part<'_>, name: &str, inside: &[Named]) {
        source.block(&format!("export interface {name}"), |source| {
            let operations = part.endpoint.map(|one| &one.operations);
            for (method, one) in operations.into_iter().flatten() {
                let call = operation::Call::of(*method, one, name);
                if *method == Method::Post {
                    source.docs(&["简写，等同于 `post`".to_owned()]);
                    source.line(&call.signature("", ": "));
                }
                let same = inside.iter().find(|(member, _)| member == method.key());
                let path = part.endpoint.map_or("", |one| one.path.as_str());
                source.docs(&operation::docs(path, *method, one));
                source.line(&match same {
                    None => call.signature(method.key(), ": "),
                    // A part of the URL has the name of the method.
                    Some((_, other)) => format!(
                        "{}: ({}) & {name}.{other}",
                        method.key(),
                        call.signature("", " => ")
                    ),
                });
            }
            let is_method =
                |member: &str| operations.is_some_and(|all| all.keys().any(|m| m.key() == member));
            for (member, other) in inside.iter().filter(|(member, _)| !is_method(member)) {
                source.line(&format!("{}: {name}.{other}", key(member)));
            }
        });
    }
}
