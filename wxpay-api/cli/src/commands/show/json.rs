//! What `show --json` writes: the facts of the descriptor, the types that they name, and examples.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::command_line;
use crate::catalogue::example::{self, ExampleRequest};
use crate::catalogue::model::{Field, NotificationFacts, OperationEntry, Part, Schema};
use crate::catalogue::{Catalogue, Operation};
use crate::output::Failure;

pub(super) fn operation(
    catalogue: &Catalogue,
    entry: &OperationEntry,
    operation: Operation,
) -> Result<Value, Failure> {
    let Operation { facts, part } = operation;
    let mut types = TypeCollector { part, types: BTreeMap::new() };
    operation.members().for_each(|(_, field)| types.schema(&field.schema));
    facts.body.iter().chain(&facts.response.body).for_each(|schema| types.schema(schema));
    let request = ExampleRequest::of(operation);
    let name = operation.name();
    let lifecycles = catalogue.index.lifecycles.iter();
    let lifecycles = lifecycles.filter(|lifecycle| lifecycle.operations.contains(&name));
    let lifecycles: Vec<_> = lifecycles.map(|lifecycle| lifecycle.name.as_str()).collect();
    let response = facts.response.body.as_ref().map(|body| example::of_schema(part, body));
    Ok(json!({
        "kind": "operation",
        "name": name,
        "chain": entry.chain,
        "family": entry.family,
        "operation": serde_json::to_value(facts)?,
        "types": serde_json::to_value(&types.types)?,
        "lifecycles": lifecycles,
        "call": command_line::of(operation),
        "example": {
            "path": request.path,
            "query": request.query,
            "header": request.header,
            "body": request.body,
            "response": response,
        },
    }))
}

pub(super) fn notification(facts: &NotificationFacts, part: &Part) -> Value {
    let mut types = TypeCollector { part, types: BTreeMap::new() };
    types.schema(&facts.resource);
    facts.response.iter().for_each(|response| types.schema(response));
    json!({
        "notification": facts,
        "types": types.types,
        "example": example::of_schema(part, &facts.resource),
    })
}

/// Collects the named types that a schema uses.
struct TypeCollector<'a> {
    part: &'a Part,
    types: BTreeMap<&'a str, &'a Schema>,
}

impl<'a> TypeCollector<'a> {
    fn schema(&mut self, schema: &'a Schema) {
        match schema {
            Schema::Object { members } => members.iter().for_each(|field: &'a Field| {
                self.schema(&field.schema);
            }),
            Schema::List { items } => self.schema(items),
            Schema::JsonText { content } => self.schema(content),
            Schema::Named { name } => {
                if let Some(schema) = self.part.types.get(name)
                    && self.types.insert(name, schema).is_none()
                {
                    self.schema(schema);
                }
            }
            _ => {}
        }
    }
}
