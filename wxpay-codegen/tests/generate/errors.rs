//! Tests the errors of lowering. The loader refuses most of these descriptors, but a `Spec` can
//! also be built without the loader.

use insta::assert_snapshot;
use wxpay_codegen::{Target, generate};
use wxpay_spec::model::{
    Body, Computed, Direction, Empty, Endpoint, EnumValue, Field, FieldType, Idempotency, Input,
    Method, NamedType, Notification, Operation, Primitive, Response, Shape, Spec, TypeId,
};

fn errors(spec: &Spec) -> String {
    generate(spec, Target::Library).expect_err("an error").to_string()
}

fn field(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        optional: false,
        ty,
        title: None,
        note: None,
        superseded: false,
        example: None,
        length: None,
        range: None,
        pattern: None,
        empty: Empty::Absent,
        not_with: None,
        computed: None,
        rust: None,
        corrects: None,
    }
}

fn text(name: &str) -> Field {
    field(name, FieldType::Primitive(Primitive::String(None)))
}

fn named(name: &str, family: &str, id: &str) -> Field {
    field(name, FieldType::Named(TypeId { family: family.to_owned(), name: id.to_owned() }))
}

fn operation(request: Vec<Field>, response: Vec<Field>) -> Operation {
    Operation {
        title: "操作".to_owned(),
        docs: Vec::new(),
        roles: Vec::new(),
        updated: None,
        deprecated: None,
        note: None,
        corrects: None,
        idempotency: Idempotency::Never,
        updates: false,
        path: Vec::new(),
        query: Vec::new(),
        header: Vec::new(),
        input: Input::Json(Body::Fields(request)),
        keeps_closure: false,
        response: Response::Json { statuses: vec![200], body: Body::Fields(response) },
        pages: None,
        errors: Vec::new(),
    }
}

fn endpoint(path: &str, operation: Operation) -> Endpoint {
    Endpoint {
        source: format!("endpoints{}.yaml", path.trim_end_matches('/')),
        path: path.to_owned(),
        host: None,
        family: "x".to_owned(),
        names: [].into(),
        operations: [(Method::Post, operation)].into(),
    }
}

fn spec(endpoints: impl IntoIterator<Item = Endpoint>) -> Spec {
    let endpoints = endpoints.into_iter().map(|endpoint| (endpoint.path.clone(), endpoint));
    Spec { endpoints: endpoints.collect(), ..Spec::default() }
}

fn with(request: Vec<Field>, response: Vec<Field>) -> Spec {
    spec([endpoint("/v3/x", operation(request, response))])
}

fn plain(path: &str) -> Endpoint {
    endpoint(path, operation(Vec::new(), Vec::new()))
}

fn object(direction: Direction, fields: Vec<Field>) -> NamedType {
    NamedType {
        source: "types/x.yaml".to_owned(),
        title: None,
        note: None,
        corrects: None,
        shape: Shape::Object { direction, fields },
    }
}

fn value(wire: &str) -> EnumValue {
    EnumValue { wire: wire.to_owned(), title: None, superseded: false, rust: None }
}

fn enumeration(values: &[&str]) -> FieldType {
    FieldType::Enum { integer: false, values: values.iter().copied().map(value).collect() }
}

fn notification(family: &str, fields: Vec<Field>) -> Notification {
    Notification {
        source: String::new(),
        family: family.to_owned(),
        title: "通知".to_owned(),
        docs: Vec::new(),
        note: None,
        rust: None,
        events: vec!["A".to_owned()],
        original_type: None,
        condition: Default::default(),
        webhooks: Vec::new(),
        ambiguous_with: Vec::new(),
        resource: Body::Fields(fields),
        response: None,
    }
}

#[test]
fn a_name_needs_a_letter_or_a_digit() {
    let spec = with(vec![text("-"), text("_")], vec![field("e", enumeration(&["?", ""]))]);
    assert_snapshot!(errors(&spec));
}

#[test]
fn a_chosen_name_is_spelled_the_rust_way() {
    let mut one = text("one");
    one.rust = Some("One".to_owned());
    let mut two = text("two");
    two.rust = Some("a-b".to_owned());
    let variant = EnumValue { rust: Some("lower".to_owned()), ..value("A") };
    let three = field("three", FieldType::Enum { integer: false, values: vec![variant] });
    let mut spec = with(vec![one], vec![two, three]);
    spec.types.insert(
        TypeId { family: "x".to_owned(), name: "lower".to_owned() },
        object(Direction::Response, vec![text("a")]),
    );
    assert_snapshot!(errors(&spec));
}

#[test]
fn equal_names_are_reported_with_both_places() {
    let inner = || FieldType::Object(vec![text("a")]);
    let request =
        vec![text("openID"), text("open_id"), field("a_b", inner()), field("a__b", inner())];
    let response = vec![field("state", enumeration(&["PAID", "paid"]))];
    assert_snapshot!(errors(&with(request, response)));
}

#[test]
fn a_query_and_a_body_share_one_request() {
    let mut operation = operation(vec![text("id")], Vec::new());
    operation.query = vec![text("id")];
    assert_snapshot!(errors(&spec([endpoint("/v3/x", operation)])));
}

#[test]
fn equal_segments() {
    let urls = ["/v3/a-b", "/v3/a_b", "/v3/x", "/v3/x/", "/v3/y/{id}", "/v3/y/id", "/v3/{p}/{p}"];
    assert_snapshot!(errors(&spec(urls.map(plain))));
}

#[test]
fn chosen_segment_names() {
    let mut one = plain("/v3/a/one");
    one.names = [("a".to_owned(), "first".to_owned()), ("b".to_owned(), "b".to_owned())].into();
    let mut two = plain("/v3/a/two");
    two.names = [("a".to_owned(), "second".to_owned()), ("two".to_owned(), "2".to_owned())].into();
    assert_snapshot!(errors(&spec([one, two])));
}

#[test]
fn references() {
    let mut spec = with(
        vec![named("missing", "x", "Missing"), named("wrong", "x", "Receipt")],
        vec![named("other", "x", "Order")],
    );
    let id = |name: &str| TypeId { family: "x".to_owned(), name: name.to_owned() };
    spec.types.insert(id("Receipt"), object(Direction::Response, vec![text("a")]));
    spec.types.insert(id("Order"), object(Direction::Request, vec![text("a")]));
    let shape = Shape::Enum { integer: false, values: vec![value("A")] };
    let state = NamedType { shape, ..object(Direction::Request, Vec::new()) };
    spec.types.insert(id("State"), state);
    let mut bodies = operation(Vec::new(), Vec::new());
    bodies.input = Input::Json(Body::Named(id("State")));
    bodies.response = Response::Json { statuses: vec![200], body: Body::Named(id("State")) };
    spec.endpoints.insert("/v3/y".to_owned(), endpoint("/v3/y", bodies));
    assert_snapshot!(errors(&spec));
}

#[test]
fn shapes_without_a_rust_type() {
    let list = |inner| FieldType::List(Box::new(inner));
    let json = |inner| FieldType::JsonText(Box::new(inner));
    let string = || FieldType::Primitive(Primitive::String(None));
    let mut computed = text("sha256");
    computed.computed = Some(Computed::Sha256);
    let request =
        vec![computed, field("one", list(list(string()))), field("two", list(json(string())))];
    assert_snapshot!(errors(&with(request, vec![field("three", json(json(string())))])));
}

#[test]
fn families_are_features() {
    let mut one = plain("/v3/one");
    one.family = "{one}".to_owned();
    let mut two = plain("/v3/two");
    two.family = "default".to_owned();
    assert_snapshot!(errors(&spec([one, two])));
}

#[test]
fn types_of_two_families_at_one_place() {
    let mut spec = with(vec![named("a", "x", "A")], Vec::new());
    for family in ["x", "y"] {
        let id = TypeId { family: family.to_owned(), name: "A".to_owned() };
        spec.types.insert(id, object(Direction::Request, vec![text("a")]));
        let entry = spec.families.by_name.entry(family.to_owned()).or_default();
        entry.paths.push("/v3/x".to_owned());
    }
    assert_snapshot!(errors(&spec));
}

#[test]
fn equal_notifications() {
    let mut spec = Spec::default();
    for place in ["a-b/c", "a_b/c"] {
        let source = format!("notifications/{place}.yaml");
        let entry = Notification { source, ..notification("x", vec![text("a")]) };
        spec.notifications.insert(place.to_owned(), entry);
    }
    assert_snapshot!(errors(&spec));
}
