use serde_yaml::Value;

use super::field::fields;
use super::node::Node;
use super::{parameter, role, schema, upload};
use crate::import::UNTITLED;
use crate::model::{Body, Download, Field, Input, Integrity, Method, Operation, Repeat, Response};

const JSON: &str = "application/json";

pub(super) fn read(node: &Node<'_>, endpoint: &Node<'_>, path: &str) -> Operation {
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
    Operation {
        title: title(node),
        docs: docs(node),
        roles: role::read(node),
        updated: node.text("x-updated"),
        deprecated: node
            .says("deprecated")
            .then(|| "WeChat Pay marks this API as deprecated".to_owned()),
        note: None,
        corrects: None,
        repeat: if is_get { Repeat::Safe } else { Repeat::Never },
        updates: false,
        path: parameters.path,
        query: parameters.query,
        header: parameters.header,
        input: input(node),
        keeps_closure: false,
        response: response(node),
        errors: Vec::new(),
    }
}

fn title(node: &Node<'_>) -> String {
    node.text("summary").unwrap_or_else(|| {
        node.remark("no `summary`: the operation needs a title");
        UNTITLED.to_owned()
    })
}

fn docs(node: &Node<'_>) -> Vec<String> {
    let page = node.get("externalDocs").and_then(|docs| docs.text("url"));
    let mut docs: Vec<String> = Vec::new();
    for page in node.texts("x-docs").into_iter().chain(page) {
        if !docs.contains(&page) {
            docs.push(page);
        }
    }
    docs
}

fn input(node: &Node<'_>) -> Input {
    let Some(body) = node.get("requestBody") else { return Input::None };
    body.expect_only(&["content", "description", "required"]);
    let Some(content) = body.get("content") else { return Input::None };
    let Some((media, body)) = content.entries().next() else {
        return Input::None;
    };
    if content.entries().count() > 1 {
        node.remark(format!("several kinds of request body; only `{media}` was taken"));
    }
    body.expect_only(&["schema"]);
    match (bare(media), body.get("schema")) {
        (JSON, Some(schema)) => body_fields(&schema.called(format!("{}request", node.place())))
            .map_or(Input::None, |fields| Input::Json(Body::Fields(fields))),
        ("multipart/form-data", Some(schema)) => {
            upload::read(&schema.called(format!("{}upload", node.place())))
        }
        _ => {
            node.remark(format!("a request body of the kind `{media}` cannot be described"));
            Input::None
        }
    }
}

fn response(node: &Node<'_>) -> Response {
    let answers = node.get("responses");
    let status = |key: &str| key.parse::<u16>().ok().filter(|status| status / 100 == 2);
    let successes: Vec<(u16, Node<'_>)> = answers
        .iter()
        .flat_map(Node::entries)
        .filter_map(|(key, answer)| Some((status(key)?, answer)))
        .collect();
    let Some((_, answer)) = successes.first() else {
        node.remark("no successful answer: taken as 204, without a body");
        return Response::None { statuses: vec![204] };
    };
    let statuses = alike(node, answer, &successes);
    let Some(content) = answer.get("content").filter(|content| content.entries().next().is_some())
    else {
        return Response::None { statuses };
    };
    let json = content.entries().find(|(media, _)| bare(media) == JSON);
    if json.is_some() && content.entries().count() > 1 {
        node.remark(format!("several kinds of answer; only `{JSON}` was taken"));
    }
    match json {
        Some((_, body)) => json_response(node, &body, statuses),
        None => Response::Download(Download {
            media: content.entries().map(|(media, _)| media.to_owned()).collect(),
            integrity: Integrity::None,
        }),
    }
}

/// The statuses of the answers with the same content as the first one.
fn alike(node: &Node<'_>, first: &Node<'_>, successes: &[(u16, Node<'_>)]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (status, answer) in successes {
        if answer.value().get("content") == first.value().get("content") {
            statuses.push(*status);
        } else {
            node.remark(format!(
                "the answer {status} has another content than the first: left out"
            ));
        }
    }
    statuses
}

fn json_response(node: &Node<'_>, body: &Node<'_>, statuses: Vec<u16>) -> Response {
    body.expect_only(&["schema"]);
    let schema = body.get("schema");
    let fields =
        schema.and_then(|schema| body_fields(&schema.called(format!("{}response", node.place()))));
    match fields {
        Some(fields) => Response::Json { statuses, body: Body::Fields(fields) },
        None => Response::None { statuses },
    }
}

/// A media type without its parameters, such as the charset.
fn bare(media: &str) -> &str {
    media.split(';').next().unwrap_or(media).trim()
}

/// The members of a body, which is always an object.
fn body_fields(schema: &Node<'_>) -> Option<Vec<Field>> {
    schema::expect_known(schema);
    let fields = fields(schema);
    if fields.is_empty() {
        let is_object = schema.value().get("type").and_then(Value::as_str) == Some("object");
        let what = if is_object { "an object without members" } else { "no object" };
        schema.remark(format!("{what}: taken as no body"));
        return None;
    }
    Some(fields)
}
