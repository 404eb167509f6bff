//! Reads a webhook as a notification.

use super::body::{BodyMembers, has_header, members, successes};
use super::extension;
use super::node::DocumentNode;
use super::operation::{describe, docs, seconds};
use crate::grammar::EVENT;
use crate::model::{Body, CORE, Condition, Method, Notification, NotificationResponse};

/// Reads a webhook whose body is the decrypted resource. A person chooses its place and family later.
pub(super) fn read(name: &str, node: &DocumentNode<'_>) -> Notification {
    let node = node.get(Method::Post.key()).unwrap_or_else(|| node.clone());
    let node = node.called(format!("notification {name}"));
    node.document().budget.enter();
    node.expect_only(&[
        "summary",
        "description",
        "operationId",
        "tags",
        "requestBody",
        "responses",
        "externalDocs",
        "x-docs",
        "x-event-types",
        "x-original-type",
        "x-roles",
        "x-updated",
    ]);
    describe(&node, name, Method::Post);
    let mut notification = Notification {
        source: format!("notifications/{}.yaml", place(name)),
        family: CORE.to_owned(),
        title: node.text("summary").unwrap_or_else(|| name.to_owned()),
        docs: docs(&node),
        note: None,
        rust: None,
        webhooks: vec![name.to_owned()],
        events: events(&node),
        original_type: original_type(&node),
        condition: Condition::default(),
        ambiguous_with: Vec::new(),
        resource: resource(&node),
        response: response(&node),
    };
    extension::notification(&node, &mut notification);
    notification
}

/// The words of a webhook's name as a path.
fn place(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name = name.to_lowercase();
    let words = name.split('/').filter(|word| !word.is_empty());
    words.map(|word| word.chars().map(plain).collect()).collect::<Vec<String>>().join("/")
}

fn events(node: &DocumentNode<'_>) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for event in node.texts("x-event-types") {
        if !EVENT.accepts(&event) {
            node.remark(format!("`{event}` is not an event type: left out"));
        } else if !events.contains(&event) && node.spend(event.len()) {
            events.push(event);
        }
    }
    events
}

/// Reads `x-original-type`, a text or a list of one.
fn original_type(node: &DocumentNode<'_>) -> Option<String> {
    if let Some(given) = node.text("x-original-type") {
        return Some(given);
    }
    match node.texts("x-original-type").as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => {
            node.remark("several original types: none was taken, a descriptor has one");
            None
        }
    }
}

fn resource(node: &DocumentNode<'_>) -> Body {
    let content = node.get("requestBody").and_then(|body| body.get("content"));
    let schema = content.and_then(|content| content.get("application/json")?.get("schema"));
    match schema.map(|schema| members(&schema.under("resource"))) {
        Some(BodyMembers::Known(body)) => body,
        Some(BodyMembers::Unknown) if node.is_exported() => Body::Fields(Vec::new()),
        Some(BodyMembers::Unknown | BodyMembers::NoObject) | None => {
            node.remark("no resource with members: left empty");
            Body::Fields(Vec::new())
        }
    }
}

/// Reads the response that the notification asks for; `None` if an empty one is enough.
fn response(node: &DocumentNode<'_>) -> Option<NotificationResponse> {
    let successes = successes(node);
    let schemas = successes.iter().filter_map(|(_, response)| {
        let content = response.get("content")?.get("application/json")?;
        Some((response, content.get("schema")?.under("response")))
    });
    let (response, schema) = schemas.into_iter().next()?;
    response.expect_only(&["description", "content", "headers", "x-time-limit", "x-answer-signed"]);
    match members(&schema) {
        BodyMembers::Known(body) => Some(NotificationResponse {
            body,
            time_limit: seconds(response),
            signed: response.says("x-answer-signed") || has_header(response, "Authorization"),
        }),
        BodyMembers::Unknown | BodyMembers::NoObject => {
            schema.remark("no response with members: left out");
            None
        }
    }
}
