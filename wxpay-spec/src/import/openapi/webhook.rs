use super::field::fields;
use super::node::Node;
use crate::model::{Body, CORE, Condition, Method, Notification};

/// A webhook whose body is the decrypted resource. Its place and family are a person's choice.
pub(super) fn read(name: &str, node: &Node<'_>) -> Notification {
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
    let place = name.to_lowercase().replace('.', "_");
    Notification {
        source: format!("notifications/{place}.yaml"),
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
        resource: Body::Fields(resource(&node)),
    }
}

fn resource(node: &Node<'_>) -> Vec<crate::model::Field> {
    let content = node.get("requestBody").and_then(|body| body.get("content"));
    let schema = content.and_then(|content| content.get("application/json")?.get("schema"));
    let resource = schema.map(|schema| fields(&schema.called(format!("{}resource", node.place()))));
    resource.filter(|fields| !fields.is_empty()).unwrap_or_else(|| {
        node.remark("no resource with members is described");
        Vec::new()
    })
}
