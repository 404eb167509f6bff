//! Writes an OpenAPI 3.1 document of all descriptors.
//!
//! `docs/exporting.md` describes the extensions, which begin with `x-`.

mod operation;
mod response;
mod schema;
mod webhook;

use std::collections::BTreeSet;

use super::json::{Json, Object};
use crate::model::{
    CorrectedFact, Corrects, Endpoint, Family, Method, Note, Segment, Spec, TypeId,
};

/// The version of the extensions, under [`MARK`].
const VERSION: &str = "1";
/// The key that marks a document of descriptors, so that an import reads all of its extensions.
const MARK: &str = "x-descriptors";
/// The server of every URL that names no other.
const SERVER: &str = "https://api.mch.weixin.qq.com";
/// The security scheme of merchants, and the beginning of the URLs with the scheme of brands.
const SCHEMES: [(&str, &str, &str); 2] = [
    ("merchant", "WECHATPAY2-SHA256-RSA2048", "/"),
    ("brand", "WECHATPAY-BRAND-SHA256-RSA2048", "/brand/"),
];

/// Writes an OpenAPI 3.1 document of all descriptors, as JSON.
///
/// [`read_openapi`](crate::import::read_openapi) reads all of it back. Importing the document into
/// the descriptors it is of changes nothing.
#[must_use]
pub fn openapi(spec: &Spec) -> String {
    let mut document = Object::new().with("openapi", "3.1.0");
    document.put(MARK, VERSION);
    document.put("info", info());
    document.put_list("servers", [Object::new().with("url", SERVER)]);
    document.put_list("security", [scheme_of("/")]);
    document.put_list("tags", tags(spec));
    document.put_list("x-event-types", events(spec));
    document.put("paths", paths(spec));
    document.put_object("webhooks", webhook::all(spec));
    document.put("components", components(spec));
    document.text()
}

fn info() -> Object {
    let mut info = Object::new().with("title", "WeChat Pay APIv3");
    info.put("version", env!("CARGO_PKG_VERSION"));
    info.put(
        "description",
        "Facts of the official pages: no official document, and not checked by WeChat Pay. \
         Every enum is open: other values may come. The body of a webhook is the decrypted \
         `resource` of the notification. `docs/exporting.md` of the project explains the extensions.",
    );
    info.put("license", Object::new().with("name", "MIT OR Apache-2.0"));
    info
}

/// One reason for all facts, or one for each corrected fact.
fn corrects<F: CorrectedFact>(corrects: &Corrects<F>) -> Json {
    match corrects {
        Corrects::All(reason) => reason.into(),
        Corrects::Facts(facts) => {
            let mut reasons = Object::new();
            for (fact, reason) in facts {
                reasons.put(fact.key(), reason);
            }
            reasons.into()
        }
    }
}

/// The products, listed or not, that anything belongs to.
fn tags(spec: &Spec) -> Vec<Object> {
    let mut names: BTreeSet<&String> = spec.families.by_name.keys().collect();
    names.extend(spec.endpoints.values().map(|endpoint| &endpoint.family));
    names.extend(spec.notifications.values().map(|notification| &notification.family));
    names.into_iter().map(|name| tag(name, spec.families.by_name.get(name))).collect()
}

fn tag(name: &str, family: Option<&Family>) -> Object {
    let mut tag = Object::new().with("name", name);
    let Some(family) = family else { return tag };
    tag.put("description", &family.title);
    let mut facts = Object::new();
    facts.put_list("paths", &family.paths);
    facts.put_list("events", &family.events);
    facts.put_some("default", family.default.then_some(true));
    tag.put("x-family", facts);
    tag
}

/// Every event type, with a known resource or without.
fn events(spec: &Spec) -> BTreeSet<&String> {
    let listed = spec.families.by_name.values().flat_map(|family| &family.events);
    listed.chain(spec.notifications.values().flat_map(|one| &one.events)).collect()
}

fn paths(spec: &Spec) -> Object {
    let mut ids = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    let mut paths = Object::new();
    for endpoint in spec.endpoints.values() {
        let mut path = Object::new();
        let key = path_key(endpoint, &mut shapes);
        path.put_some("x-path", (key != endpoint.path).then_some(&endpoint.path));
        if let Some(host) = &endpoint.host {
            path.put_list("servers", [Object::new().with("url", format!("https://{host}"))]);
        }
        path.put_object("x-names", endpoint.names.iter().collect());
        for method in Method::ALL {
            if let Some(operation) = endpoint.operations.get(&method) {
                let written = operation::operation(spec, endpoint, method, operation, &mut ids);
                path.put(method.key(), written);
            }
        }
        paths.put(key, path);
    }
    paths
}

/// The key of a URL. OpenAPI has no two URLs that only differ in the names of their parameters.
///
/// The second one gets a fragment, which no client sends.
fn path_key(endpoint: &Endpoint, shapes: &mut BTreeSet<String>) -> String {
    let segments = endpoint.segments();
    let parameters = segments.iter().filter(|one| matches!(one, Segment::Parameter(_)));
    let names: Vec<&str> = parameters.map(Segment::wire).collect();
    let hidden = |path: String, name: &&str| path.replace(&format!("{{{name}}}"), "{}");
    let shape = names.iter().fold(endpoint.path.clone(), hidden);
    if shapes.insert(shape) {
        return endpoint.path.clone();
    }
    format!("{}#{}", endpoint.path, names.join("-"))
}

fn components(spec: &Spec) -> Object {
    let mut components = Object::new();
    let schemas = spec.types.iter();
    let schemas = schemas.map(|(id, named)| (component(id), schema::named_type(id, named)));
    components.put_object("schemas", schemas.chain([("Error".to_owned(), error())]).collect());
    components.put("responses", Object::new().with("Error", response::error()));
    let schemes = SCHEMES.iter().map(|(name, scheme, _)| {
        (*name, Object::new().with("type", "http").with("scheme", *scheme))
    });
    components.put("securitySchemes", schemes.collect::<Object>());
    components
}

/// The scheme that requests to a URL are signed with.
fn scheme_of(path: &str) -> Object {
    let named = SCHEMES.iter().rev().find(|(.., beginning)| path.starts_with(beginning));
    named.map(|(name, ..)| (*name, Json::List(Vec::new()))).into_iter().collect()
}

/// The name of a named type among the components.
fn component(id: &TypeId) -> String {
    format!("{}.{}", id.family, id.name)
}

fn reference(id: &TypeId) -> Object {
    Object::new().with("$ref", format!("#/components/schemas/{}", component(id)))
}

/// Writes a note: Chinese, or the only language that there is, as the description.
fn describe(entry: &mut Object, note: Option<&Note>) {
    let (first, en) = match note {
        None => (None, None),
        Some(Note::Text(text)) => (Some(text), None),
        Some(Note::Bilingual { zh, en }) => (Some(zh), Some(en)),
    };
    entry.put_some("description", first);
    entry.put_some("x-description-en", en);
}

/// The body of every refusal.
fn error() -> Object {
    let text = |title: &str| Object::new().with("type", "string").with("title", title);
    let mut members = Object::new().with("code", text("错误码"));
    members.put("message", text("错误描述"));
    members.put("detail", Object::new().with("title", "错误详情"));
    let mut schema = Object::new().with("type", "object");
    schema.put("title", "错误");
    schema.put_list("required", ["code"]);
    schema.put("properties", members);
    schema
}
