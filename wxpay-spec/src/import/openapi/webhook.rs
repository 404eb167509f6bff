//! Reads a webhook as a notification.

use super::document::DocumentNode;
use super::schema::fields;
use super::{extension, schema};
use crate::model::{Body, CORE, Condition, Method, Notification};

/// Reads a webhook whose body is the decrypted resource. A person chooses its place and family later.
pub(super) fn read(name: &str, node: &DocumentNode<'_>) -> Notification {
    let node = node.get(Method::Post.key()).unwrap_or_else(|| node.clone());
    let node = node.called(format!("notification {name}: "));
    node.expect_only(&[
        "summary",
        "description",
        "operationId",
        "tags",
        "requestBody",
        "responses",
        "x-docs",
        "x-event-types",
        "x-inferred",
    ]);
    let mut notification = Notification {
        source: format!("notifications/{}.yaml", place(name)),
        family: CORE.to_owned(),
        title: node.text("summary").unwrap_or_else(|| name.to_owned()),
        docs: node.texts("x-docs"),
        note: None,
        rust: None,
        webhooks: vec![name.to_owned()],
        events: node.texts("x-event-types"),
        original_type: None,
        condition: Condition::default(),
        ambiguous_with: Vec::new(),
        resource: resource(&node),
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

fn resource(node: &DocumentNode<'_>) -> Body {
    let content = node.get("requestBody").and_then(|body| body.get("content"));
    let schema = content.and_then(|content| content.get("application/json")?.get("schema"));
    if let Some(id) = schema.as_ref().and_then(extension::named) {
        return Body::Named(id);
    }
    let resource = schema.map(|schema| {
        let schema = schema.called(format!("{}resource", node.place()));
        schema::expect_known(&schema);
        fields(&schema)
    });
    let resource = resource.filter(|fields| !fields.is_empty()).unwrap_or_else(|| {
        node.remark("no resource with members: left empty");
        Vec::new()
    });
    Body::Fields(resource)
}
