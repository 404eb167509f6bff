//! Reads an operation: request body or upload form, response and roles.

use serde_yaml::Value;

use super::document::DocumentNode;
use super::schema::{Outside, fields};
use super::{extension, parameter, schema};
use crate::import::UNTITLED;
use crate::import::field::of_meta;
use crate::model::{
    Body, Download, Field, FieldType, Idempotency, Input, Method, Operation, Response, Role, Upload,
};

const JSON: &str = "application/json";

pub(super) fn read(node: &DocumentNode<'_>, endpoint: &DocumentNode<'_>, path: &str) -> Operation {
    node.expect_only(&[
        "summary",
        "description",
        "operationId",
        "tags",
        "deprecated",
        "parameters",
        "requestBody",
        "responses",
        "servers",
        "externalDocs",
        "x-docs",
        "x-roles",
        "x-updated",
    ]);
    let parameters = parameter::read(node, endpoint, path);
    let is_get = node.place().starts_with(Method::Get.wire());
    let mut operation = Operation {
        title: title(node),
        docs: docs(node),
        roles: roles(node),
        updated: node.text("x-updated"),
        deprecated: node
            .says("deprecated")
            .then(|| "WeChat Pay marks this API as deprecated".to_owned()),
        note: None,
        corrects: None,
        idempotency: if is_get { Idempotency::Safe } else { Idempotency::Never },
        updates: false,
        path: parameters.path,
        query: parameters.query,
        header: parameters.header,
        input: input(node),
        keeps_closure: false,
        response: response(node),
        pages: None,
        errors: Vec::new(),
    };
    extension::operation(node, &mut operation);
    operation
}

fn title(node: &DocumentNode<'_>) -> String {
    node.text("summary").unwrap_or_else(|| {
        node.remark("no `summary`: give the operation a title");
        UNTITLED.to_owned()
    })
}

fn docs(node: &DocumentNode<'_>) -> Vec<String> {
    let page = node.get("externalDocs").and_then(|docs| docs.text("url"));
    let mut docs: Vec<String> = Vec::new();
    for page in node.texts("x-docs").into_iter().chain(page) {
        if !docs.contains(&page) {
            docs.push(page);
        }
    }
    docs
}

fn input(node: &DocumentNode<'_>) -> Input {
    let Some(body) = node.get("requestBody") else { return Input::None };
    body.expect_only(&["content", "description", "required"]);
    let Some(content) = body.get("content") else { return Input::None };
    let Some((media, body)) = content.entries().next() else {
        return Input::None;
    };
    if content.entries().count() > 1 {
        node.remark(format!("several kinds of request body: only `{media}` was taken"));
    }
    body.expect_only(&["schema"]);
    match (bare(media), body.get("schema")) {
        (JSON, Some(schema)) => object(&schema.called(format!("{}request", node.place())))
            .map_or(Input::None, Input::Json),
        ("multipart/form-data", Some(schema)) => {
            upload(&schema.called(format!("{}upload", node.place())))
        }
        _ => {
            node.remark(format!("a request body of the kind `{media}` cannot be described"));
            Input::None
        }
    }
}

fn response(node: &DocumentNode<'_>) -> Response {
    let responses = node.get("responses");
    let status = |key: &str| key.parse::<u16>().ok().filter(|status| status / 100 == 2);
    let successes: Vec<(u16, DocumentNode<'_>)> = responses
        .iter()
        .flat_map(DocumentNode::entries)
        .filter_map(|(key, response)| Some((status(key)?, response)))
        .collect();
    let Some((_, first)) = successes.first() else {
        node.remark("no successful response: taken as 204, without a body");
        return Response::None { statuses: vec![204] };
    };
    let statuses = alike(node, first, &successes);
    let Some(content) = first.get("content").filter(|content| content.entries().next().is_some())
    else {
        return Response::None { statuses };
    };
    let json = content.entries().find(|(media, _)| bare(media) == JSON);
    if json.is_some() && content.entries().count() > 1 {
        node.remark(format!("several kinds of response: only `{JSON}` was taken"));
    }
    match json {
        Some((_, body)) => json_response(node, &body, statuses),
        None => Response::Download(Download {
            media: content.entries().map(|(media, _)| media.to_owned()).collect(),
            integrity: extension::integrity(first),
        }),
    }
}

/// The statuses of the responses with the same content as the first one.
fn alike(
    node: &DocumentNode<'_>,
    first: &DocumentNode<'_>,
    successes: &[(u16, DocumentNode<'_>)],
) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (status, response) in successes {
        if response.value().get("content") == first.value().get("content") {
            statuses.push(*status);
        } else {
            node.remark(format!(
                "the response {status} has another content than the first: left out"
            ));
        }
    }
    statuses
}

fn json_response(node: &DocumentNode<'_>, body: &DocumentNode<'_>, statuses: Vec<u16>) -> Response {
    body.expect_only(&["schema"]);
    let schema = body.get("schema");
    let body =
        schema.and_then(|schema| object(&schema.called(format!("{}response", node.place()))));
    match body {
        Some(body) => Response::Json { statuses, body },
        None => Response::None { statuses },
    }
}

/// A media type without its parameters, such as the charset.
fn bare(media: &str) -> &str {
    media.split(';').next().unwrap_or(media).trim()
}

/// Reads a body: the type that it names, or its members.
fn object(schema: &DocumentNode<'_>) -> Option<Body> {
    match extension::named(schema) {
        Some(id) => Some(Body::Named(id)),
        None => body_fields(schema).map(Body::Fields),
    }
}

/// Reads the members of a body, which is always an object.
fn body_fields(schema: &DocumentNode<'_>) -> Option<Vec<Field>> {
    schema::expect_known(schema);
    let fields = fields(schema);
    if fields.is_empty() {
        let is_object = schema.value().get("type").and_then(Value::as_str) == Some("object");
        let what = if is_object { "an object without members" } else { "not an object" };
        schema.remark(format!("{what}: taken as no body"));
        return None;
    }
    Some(fields)
}

/// Reads a form with a JSON part `meta`, a file, and plain text parts.
fn upload(schema: &DocumentNode<'_>) -> Input {
    let mut upload = Upload { meta: Vec::new(), file: "file".to_owned(), parts: Vec::new() };
    schema::expect_known(schema);
    let required = schema.texts("required");
    let Some(properties) = schema.get("properties") else {
        schema.remark("a form without parts: taken as no body");
        return Input::None;
    };
    for (name, part) in properties.members() {
        if part.text("format").as_deref() == Some("binary") {
            name.clone_into(&mut upload.file);
        } else if name == "meta" {
            upload.meta = meta(&part).into_iter().map(of_meta).collect();
        } else {
            let optional = !required.iter().any(|other| other == name);
            upload.parts.push(schema::field(
                name,
                &part,
                Outside { optional, ..Outside::default() },
            ));
        }
    }
    Input::Upload(upload)
}

/// Reads the members of the JSON part, which may be a text with JSON inside.
fn meta(part: &DocumentNode<'_>) -> Vec<Field> {
    match schema::field_type(part) {
        FieldType::Object(fields) => fields,
        FieldType::JsonText(content) => match *content {
            FieldType::Object(fields) => fields,
            _ => lacking(part),
        },
        _ => lacking(part),
    }
}

fn lacking(part: &DocumentNode<'_>) -> Vec<Field> {
    part.remark("not an object with members, which an upload needs: left out");
    Vec::new()
}

/// The official names of roles, old and new, without the words in brackets after them.
const ROLE_NAMES: [(&str, Role); 15] = [
    ("普通商户", Role::Merchant),
    ("直连商户", Role::Merchant),
    ("直连模式", Role::Merchant),
    ("特约商户", Role::Merchant),
    ("微信支付商户", Role::Merchant),
    ("商户", Role::Merchant),
    ("服务商", Role::Partner),
    ("普通服务商", Role::Partner),
    ("电商平台", Role::Ecommerce),
    ("平台商户", Role::Ecommerce),
    ("微信平台商户", Role::Ecommerce),
    ("渠道商", Role::Channel),
    ("渠道服务商", Role::Channel),
    ("从业机构", Role::Institution),
    ("机构模式", Role::Institution),
];

/// Reads who may call an operation, in the order of [`Role::ALL`].
fn roles(node: &DocumentNode<'_>) -> Vec<Role> {
    let mut roles = Vec::new();
    for name in node.texts("x-roles") {
        let bare = name.split('（').next().unwrap_or(&name);
        match ROLE_NAMES.iter().find(|(known, _)| *known == bare) {
            Some((_, role)) => roles.push(*role),
            None => node.remark(format!("unknown role `{name}`: left out")),
        }
    }
    roles.sort();
    roles.dedup();
    roles
}
