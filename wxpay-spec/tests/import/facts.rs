//! What an OpenAPI document says beyond OpenAPI: sources, errors, roles, answers, superseded facts.

use wxpay_spec::import::read_openapi;
use wxpay_spec::model::{
    Body, ErrorCode, ErrorSource, Families, FieldType, Input, Method, Note, Operation, Response,
    Role, Spec,
};

use crate::support::{after, imported, reread};

/// A document with one POST that has these keys, in YAML.
fn posting(keys: &str) -> String {
    format!(
        "openapi: 3.1.0\npaths:\n  /v3/a:\n    post:\n      summary: 试\n{}\n",
        keys.lines().map(|line| format!("      {line}")).collect::<Vec<_>>().join("\n")
    )
}

const DONE: &str = "responses: { '204': {} }\n";

fn operation(keys: &str) -> (Operation, Vec<String>) {
    let imported = imported(&posting(keys));
    let remarks = imported.remarks.iter().map(ToString::to_string).collect();
    let operation = imported.endpoints[0].operations[&Method::Post].clone();
    let merged = after(&Spec::default(), &posting(keys));
    assert_eq!(merged.spec.endpoints["/v3/a"].operations[&Method::Post], operation);
    (operation, remarks)
}

#[test]
fn brands_are_a_role() {
    let (operation, remarks) = operation(&format!("x-roles: [服务商, 品牌商户（直连）]\n{DONE}"));
    assert_eq!(operation.roles, [Role::Partner, Role::Brand]);
    assert_eq!(remarks, [""; 0]);
}

#[test]
fn error_codes_have_the_best_of_their_sources() {
    let rows = "x-errors:
- { status: 400, code: INVALID_REQUEST, when: a rule is broken, by: C }
- { status: 403, code: INVALID_REQUEST, when: no such bill, by: [G, R] }
- { status: null, code: USER_PAYING, when: not done yet, by: K }
- { status: 99, code: ODD_STATUS, by: 'O, K' }
- { status: 400, code: lower, by: O }
- { status: 400, code: BY_NOBODY, by: Z }
";
    let (operation, remarks) = operation(&format!("{rows}{DONE}"));
    let error = |code: &str, status, when: Option<&str>, source| ErrorCode {
        code: code.to_owned(),
        status,
        when: when.map(str::to_owned),
        source,
    };
    let both = Some("a rule is broken; no such bill");
    let expected = [
        error("INVALID_REQUEST", Some(400), both, Some(ErrorSource::Real)),
        error("USER_PAYING", None, Some("not done yet"), Some(ErrorSource::Sdk)),
        error("ODD_STATUS", None, None, Some(ErrorSource::Official)),
        error("BY_NOBODY", Some(400), None, None),
    ];
    assert_eq!(operation.errors, expected);
    assert_eq!(remarks.len(), 3, "{remarks:?}");
    assert!(remarks.iter().any(|remark| remark.contains("`lower` is not an error code")));
}

#[test]
fn error_codes_of_a_person_stay_and_get_sources() {
    let file = "path: /v3/a
post:
  title: 试
  response: none
  errors:
    NO_AUTH: 手写
    KNOWN: { status: 404, when: 手写, source: official }
";
    let before = crate::support::spec(&[("endpoints/v3/a.yaml", file)]);
    let rows = "x-errors:
- { status: 403, code: NO_AUTH, when: imported, by: C }
- { status: 400, code: KNOWN, when: imported, by: G }
- { status: 400, code: NEW, by: O }
";
    let merged = after(&before, &posting(&format!("{rows}{DONE}")));
    let errors = &merged.spec.endpoints["/v3/a"].operations[&Method::Post].errors;
    let shown: Vec<_> = errors
        .iter()
        .map(|error| (&*error.code, error.status, error.when.as_deref(), error.source))
        .collect();
    assert_eq!(
        shown,
        [
            ("NO_AUTH", Some(403), Some("手写"), Some(ErrorSource::ThirdParty)),
            ("KNOWN", Some(404), Some("手写"), Some(ErrorSource::Official)),
            ("NEW", Some(400), None, Some(ErrorSource::Official)),
        ]
    );
}

#[test]
fn superseded_facts_are_optional() {
    let body = "requestBody:
  content:
    application/json:
      schema:
        type: object
        required: [old, new]
        x-sources: [official]
        x-required-by: { old: [skit] }
        x-optional-by: { old: [official] }
        properties:
          old: { type: string, x-superseded: true, x-confidence: high }
          new: { type: string, enum: [A, B], x-superseded-values: [B] }
";
    let (operation, remarks) = operation(&format!("{body}{DONE}"));
    let Input::Json(Body::Fields(fields)) = operation.input else { panic!("no body") };
    let shown: Vec<_> = fields.iter().map(|f| (&*f.name, f.optional, f.superseded)).collect();
    assert_eq!(shown, [("old", true, true), ("new", false, false)]);
    let values = fields[1].ty.values().unwrap_or_default();
    assert_eq!(values.iter().map(|value| value.superseded).collect::<Vec<_>>(), [false, true]);
    assert_eq!(remarks, [""; 0]);
}

#[test]
fn an_answer_of_unknown_members_is_json() {
    let unknown = "x-response-unknown: true
responses: { '200': { content: { application/json: { schema: { type: object, additionalProperties: {} } } } } }
";
    let (operation, remarks) = operation(unknown);
    let open = Response::Json { statuses: vec![200], body: Body::Fields(Vec::new()) };
    assert_eq!(operation.response, open);
    assert_eq!(remarks, [""; 0]);
}

#[test]
fn a_webhook_that_asks_has_an_answer() {
    let text = "openapi: 3.1.0
webhooks:
  ask:
    post:
      description: Asks for the fee.
      x-event-types: [A.B]
      x-original-type: parking_fee
      x-sources: [official]
      requestBody: { content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: string } } } } } }
      responses:
        '200':
          x-time-limit: { connect-seconds: 2, read-seconds: 3 }
          headers: { authorization: { required: true } }
          content: { application/json: { schema: { type: object, required: [code], properties: { code: { type: string }, fee: { type: integer } } } } }
  told:
    post:
      x-event-types: [C.D]
      requestBody: { content: { application/json: { schema: { type: object, properties: { id: { type: string } } } } } }
      responses: { '204': {} }
";
    let mut imported = imported(text);
    let [ask, told] = imported.notifications.as_slice() else { panic!("{imported:?}") };
    assert_eq!(ask.original_type.as_deref(), Some("parking_fee"));
    let response = ask.response.as_ref().expect("a response");
    assert!(response.signed);
    assert_eq!(response.time_limit, Some(3));
    let Body::Fields(fields) = &response.body else { panic!("no members") };
    assert_eq!(
        fields.iter().map(|f| (&*f.name, f.optional)).collect::<Vec<_>>(),
        [("code", false), ("fee", true)]
    );
    assert_eq!(told.response, None);
    assert_eq!(ask.note, None);
    assert_eq!(imported.remarks, []);
    imported.take_descriptions();
    let note = Note::Text("Asks for the fee.".to_owned());
    assert_eq!(imported.notifications[0].note, Some(note));
    let merged = after(&Spec::default(), text);
    assert_eq!(merged.spec, reread(&merged.spec));
    assert_eq!(after(&merged.spec, text).spec, merged.spec);
}

#[test]
fn all_of_and_references_are_one_object() {
    let text = "openapi: 3.1.0
paths:
  /v3/a:
    post:
      summary: 试
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Dog' } } } }
      responses: { '204': {} }
components:
  schemas:
    Animal: { type: object, required: [name], properties: { name: { type: string, title: 名 } } }
    Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }] }
    Dog:
      allOf:
        - $ref: '#/components/schemas/Animal'
        - { type: object, required: [friend], properties: { friend: { $ref: '#/components/schemas/Animal', title: 友, description: 好友 }, loop: { $ref: '#/components/schemas/Loop' } } }
";
    let imported = imported(text);
    let operation = &imported.endpoints[0].operations[&Method::Post];
    let Input::Json(Body::Fields(fields)) = &operation.input else { panic!("no body") };
    let shown: Vec<_> = fields.iter().map(|f| (&*f.name, f.optional)).collect();
    assert_eq!(shown, [("name", false), ("friend", false), ("loop", true)]);
    assert_eq!(fields[1].title.as_deref(), Some("友"));
    assert_eq!(fields[1].note, Some(Note::Text("好友".to_owned())));
    let inside = fields[1].ty.fields().unwrap_or_default();
    assert_eq!(inside[0].title.as_deref(), Some("名"));
    let remarks: Vec<String> = imported.remarks.iter().map(ToString::to_string).collect();
    assert!(remarks[0].contains("`allOf` leads to itself"), "{remarks:?}");
}

/// The type of a member with this schema, and the remarks about it.
fn type_of(schema: &str) -> (FieldType, Vec<String>) {
    let body = format!(
        "requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, properties: {{ a: {schema} }} }} }} }} }}\n"
    );
    let (operation, remarks) = operation(&format!("{body}{DONE}"));
    let Input::Json(Body::Fields(mut fields)) = operation.input else { panic!("no body") };
    (fields.remove(0).ty, remarks)
}

#[test]
fn unions_become_a_type_that_holds_all() {
    let shown = |schema: &str| {
        let (ty, remarks) = type_of(schema);
        format!("{ty:?} {}", remarks.len())
    };
    let lines: Vec<String> = [
        "{ oneOf: [{ type: string }, { type: 'null' }] }",
        "{ type: [string, 'null'] }",
        "{ type: [string, integer] }",
        "{ anyOf: [{ type: integer }, { type: number }] }",
        "{ oneOf: [{ enum: [A] }, { type: string, enum: [B, A] }] }",
        "{ oneOf: [{ type: string, format: date-time }, { type: integer }] }",
        "{ anyOf: [{ type: object, required: [x], properties: { x: { type: string } } }, { type: object, required: [x, y], properties: { x: { type: string }, y: { type: integer } } }] }",
        "{ type: object, required: [x], properties: { x: { type: string } }, oneOf: [{ required: [x] }] }",
        "{ type: object, required: [x], properties: { x: { type: string } }, oneOf: [{ properties: { y: { type: integer } } }] }",
        "{ oneOf: [{ type: boolean }, { type: array, items: { type: string } }] }",
        "{ const: FIXED }",
    ]
    .into_iter()
    .map(|schema| format!("{schema}\n  {}", shown(schema)))
    .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn mistakes_of_a_document_are_remarked_with_their_pointer() {
    let body = "requestBody:
  content:
    application/json:
      schema:
        type: object
        required: [nope]
        properties:
          a: { type: strng }
          b: { type: string, maxLength: 0 }
          c: { type: integer, minimum: 9, maximum: 1, maxLength: 3 }
          'd e': { type: string }
          f: {}
parameters:
  - { name: id, in: query, schema: { type: object, properties: { x: { type: string } } } }
  - { name: ids, in: header, schema: { type: array, items: { type: string } } }
x-docs: [nowhere]
x-updated: yesterday
";
    let (_, remarks) = operation(&format!("{body}{DONE}"));
    insta::assert_snapshot!(remarks.join("\n"));
}

/// Schemas that each hold what `part` makes of the name of the next, and a request of the first.
fn chain(schemas: usize, part: impl Fn(&str) -> String) -> String {
    let body = "{ content: { application/json: { schema: { $ref: '#/s/0' } } } }";
    let mut text = posting(&format!("requestBody: {body}\n{DONE}"));
    text.push_str("s:\n");
    for next in 1..schemas {
        text.push_str(&format!("- {}\n", part(&format!("{{ $ref: '#/s/{next}' }}"))));
    }
    text.push_str("- { properties: { a: { type: string } } }\n");
    text
}

/// Schemas that have the next one twice as a member.
fn doubling(schemas: usize) -> String {
    chain(schemas, |next| format!("{{ properties: {{ a: {next}, b: {next} }} }}"))
}

#[test]
fn exponential_references_end_in_an_error_with_their_place() {
    let error = read_openapi(&doubling(40), &Families::default()).unwrap_err().to_string();
    assert!(error.contains("too large") && error.contains("POST /v3/a: request.a"), "{error}");
    assert!(error.contains("#/s/"), "{error}");
    assert!(read_openapi(&doubling(10), &Families::default()).is_ok());
}

/// Operations that each ask for one schema of 500 members, and so many spaces.
fn wide(operations: usize, spaces: usize) -> String {
    let body = r##""requestBody":{"content":{"application/json":{"schema":{"$ref":"#/s"}}}}"##;
    let done = r#""responses":{"204":{"description":"done"}}"#;
    let path = |number| format!("\"/v3/a{number}\":{{\"post\":{{{body},{done}}}}}");
    let paths = (0..operations).map(path).collect::<Vec<_>>().join(",");
    let member = |number| format!("\"m{number}\":{{\"type\":\"string\"}}");
    let members = (0..500).map(member).collect::<Vec<_>>().join(",");
    let schema = format!("{{\"properties\":{{{members}}}}}");
    let spaces = " ".repeat(spaces);
    format!("{{\"openapi\":\"3.1.0\",\"paths\":{{{paths}}},\"s\":{schema}{spaces}}}")
}

#[test]
fn a_document_may_expand_in_proportion_to_its_length() {
    let read = |text: &str| read_openapi(text, &Families::default()).map(drop);
    let error = read(&wide(150, 0)).unwrap_err().to_string();
    assert!(error.contains("a document may have 200000 members and values"), "{error}");
    assert_eq!(read(&wide(150, 16_000_000)).map_err(|error| error.to_string()), Ok(()));
}

#[test]
fn exponential_parts_and_alternatives_end_in_an_error() {
    for key in ["allOf", "oneOf", "anyOf"] {
        let text = chain(40, |next| format!("{{ {key}: [{next}, {next}] }}"));
        let error = read_openapi(&text, &Families::default()).expect_err(key).to_string();
        assert!(error.contains("too large"), "{key}: {error}");
    }
}

#[test]
fn aliases_and_nesting_end_in_an_error() {
    let mut text = "openapi: 3.1.0\na0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for next in 1..12 {
        let list = vec![format!("*a{}", next - 1); 9].join(", ");
        text.push_str(&format!("a{next}: &a{next} [{list}]\n"));
    }
    let error = read_openapi(&text, &Families::default()).unwrap_err().to_string();
    assert!(error.starts_with("not YAML"), "{error}");
    let deep = format!("{{\"openapi\": \"3.1.0\", \"x\": {}", "[".repeat(100_000));
    assert!(read_openapi(&deep, &Families::default()).is_err());
}

#[test]
fn what_is_nested_deeply_still_loads() {
    let mut schema = "{ type: string }".to_owned();
    for _ in 0..30 {
        schema = format!("{{ type: object, properties: {{ a: {schema} }} }}");
    }
    let (_, remarks) = type_of(&schema);
    assert!(remarks[0].contains("nested too deep"), "{remarks:?}");
}

#[test]
fn a_named_enum_takes_no_length_from_a_text() {
    let before = crate::support::spec(&[
        (
            "endpoints/v3/a.yaml",
            "path: /v3/a\npost:\n  title: 试\n  request: { a: { type: A } }\n  response: none\n",
        ),
        ("types/a.yaml", "A: { enum: { X } }\n"),
    ]);
    let body = "requestBody: { content: { application/json: { schema: { type: object, required: [a], properties: { a: { type: string, maxLength: 9 } } } } } }\n";
    let merged = after(&before, &posting(&format!("{body}{DONE}")));
    assert_eq!(merged.spec, before);
}
