//! The grammar as a JSON Schema, for editors.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::grammar::{
    ENDPOINT, FAMILIES, LIFECYCLE, Map, MemberRule, NAMED_TYPES, NOTIFICATION, Rule, Spelling,
    Table, TextRule, Value,
};
use crate::model::sorted_json;

/// Writes the JSON Schema (2020-12) of the descriptor language, for editors.
///
/// The document accepts any descriptor; `#/$defs/endpoint-file`, `types-file`, `notification-file`,
/// `families-file` and `lifecycle-file` accept one kind each. Rules about more than one place are not in the schema;
/// the loader checks them.
#[must_use]
pub fn json_schema() -> String {
    let mut definitions = Definitions::default();
    let files: Vec<Json> = [&ENDPOINT, &NAMED_TYPES, &NOTIFICATION, &FAMILIES, &LIFECYCLE]
        .into_iter()
        .map(|file| definitions.value(file))
        .collect();
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Descriptors of WeChat Pay APIv3",
        "anyOf": files,
        "$defs": definitions.0,
    });
    format!("{:#}\n", sorted_json(document))
}

/// The definitions by name. One that is still being written has no content yet.
#[derive(Default)]
struct Definitions(BTreeMap<&'static str, Json>);

impl Definitions {
    fn value(&mut self, value: &'static Value) -> Json {
        match value {
            Value::Text(rule) => text(rule),
            Value::Integer { least, most } => {
                json!({"type": "integer", "minimum": least, "maximum": most})
            }
            Value::Integers { least, most } => {
                let item = json!({"type": "integer", "minimum": least, "maximum": most});
                json!({"type": "array", "items": item, "minItems": 1, "uniqueItems": true})
            }
            Value::Flag => json!({"type": "boolean"}),
            Value::Null => json!({"type": "null"}),
            Value::Any => json!({"not": {"type": "null"}}),
            Value::List(rule) => {
                json!({"type": "array", "items": text(rule), "minItems": 1, "uniqueItems": true})
            }
            Value::Each(element) => {
                json!({"type": "array", "items": self.value(element), "minItems": 1})
            }
            Value::Map(map) => self.defined(map.definition, |definitions| definitions.map(map)),
            Value::Table(table, rules) => {
                let any = self.defined(table.definition, |definitions| definitions.table(table));
                with_rules(any, rules)
            }
            Value::Either(values) => {
                let values: Vec<Json> = values.iter().map(|value| self.value(value)).collect();
                json!({"anyOf": values})
            }
        }
    }

    /// Returns a reference to a definition, and writes the definition the first time.
    fn defined(&mut self, name: &'static str, write: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.0.contains_key(name) {
            self.0.insert(name, Json::Null);
            let definition = write(self);
            self.0.insert(name, definition);
        }
        json!({"$ref": format!("#/$defs/{name}")})
    }

    fn map(&mut self, map: &'static Map) -> Json {
        let schema = json!({
            "description": map.noun,
            "type": "object",
            "propertyNames": {"pattern": map.key.pattern},
            "additionalProperties": self.value(&map.value),
            "minProperties": 1,
        });
        with_all(schema, map.rules.iter().map(member_rule).collect())
    }

    fn table(&mut self, table: &'static Table) -> Json {
        let mut properties = BTreeMap::new();
        for key in table.keys {
            let schema = with(self.value(&key.value), "description", json!(key.about));
            properties.insert(key.name, schema);
        }
        let required = table.keys.iter().filter(|key| key.required).map(|key| key.name);
        let schema = json!({
            "description": table.noun,
            "type": "object",
            "properties": properties,
            "required": required.collect::<Vec<_>>(),
            "additionalProperties": false,
        });
        with_rules(schema, table.rules)
    }
}

fn with_rules(schema: Json, rules: &[Rule]) -> Json {
    with_all(schema, rules.iter().flat_map(rule).collect())
}

fn with_all(schema: Json, all: Vec<Json>) -> Json {
    if all.is_empty() { schema } else { with(schema, "allOf", Json::Array(all)) }
}

/// Adds a keyword to a schema.
fn with(mut schema: Json, keyword: &str, value: Json) -> Json {
    if let Json::Object(keywords) = &mut schema {
        keywords.insert(keyword.to_owned(), value);
    }
    schema
}

fn text(rule: &TextRule) -> Json {
    if rule.pattern.is_empty() {
        return json!({"enum": rule.words});
    }
    match rule.spelling {
        Spelling::Text => json!({"type": "string", "pattern": rule.pattern}),
        Spelling::Any => json!({"type": ["string", "number", "boolean"], "pattern": rule.pattern}),
        Spelling::Count => {
            json!({"type": ["string", "integer"], "pattern": rule.pattern, "minimum": 1})
        }
    }
}

/// Writes a rule about one member, optional or not.
fn member_rule(rule: &MemberRule) -> Json {
    let needs = json!({"required": [rule.key]});
    json!({"properties": {rule.member: needs, format!("{}?", rule.member): needs}})
}

/// Writes a rule as schemas that must all hold.
fn rule(rule: &Rule) -> Vec<Json> {
    let never_both = |one: &str, other: &str| json!({"not": {"required": [one, other]}});
    match rule {
        Rule::AtLeastOne(keys) => {
            let one: Vec<Json> = keys.iter().map(|key| json!({"required": [key]})).collect();
            vec![json!({"anyOf": one})]
        }
        Rule::AtMostOne(keys) => {
            let pairs = keys.iter().enumerate();
            pairs
                .flat_map(|(index, one)| keys.iter().skip(index + 1).map(move |other| (one, other)))
                .map(|(one, other)| never_both(one, other))
                .collect()
        }
        Rule::Needs { key, beside } => vec![json!({"dependentRequired": {*key: [beside]}})],
        Rule::NeedsOneOf { key, beside } => {
            let one: Vec<Json> = beside.iter().map(|key| json!({"required": [key]})).collect();
            vec![json!({"dependentSchemas": {*key: {"anyOf": one}}})]
        }
        Rule::Excludes { key, beside } => {
            beside.iter().map(|other| never_both(key, other)).collect()
        }
        Rule::OnlyFor { key, types } => {
            let types = json!({"properties": {"type": {"enum": types}}});
            vec![json!({"dependentSchemas": {*key: types}})]
        }
        Rule::Brings { ty, key } => {
            let is_type = json!({"properties": {"type": {"const": ty}}, "required": ["type"]});
            vec![json!({"if": is_type, "then": {"required": [key]}})]
        }
        Rule::Without { key, .. } => vec![json!({"properties": {*key: false}})],
        Rule::Not { key, text, .. } => {
            vec![json!({"properties": {*key: {"not": {"const": text}}}})]
        }
        Rule::Type(rule) => vec![json!({"properties": {"type": text(rule)}})],
        Rule::ElementType(rule) => {
            let items = json!({"properties": {"type": text(rule)}});
            vec![json!({"properties": {"items": items}})]
        }
    }
}
