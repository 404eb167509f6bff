//! Any descriptor reads back as it was written.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

mod member;
mod text;

use member::fields;
use proptest::prelude::{ProptestConfig, proptest};
use proptest::test_runner::TestCaseError;
use text::text;
use wxpay_spec::model::{
    Body, Direction, Empty, ErrorCode, ErrorSource, Field, FieldType, Input, Note,
    NotificationResponse, Primitive, Response, Shape, Spec, TypeId,
};
use wxpay_spec::{SourceFile, read, write};

/// A folder with a file of each kind, without the members.
fn frame() -> Spec {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
    let state = "State: { enum: { yes, no: 否 } }\n";
    let made = "Made: { direction: response, fields: { a: { type: State } } }\n";
    let endpoint = "
path: /v3/pay/make
post:
  title: make
  query: { q: { type: State } }
  request: { a: { type: bill/State } }
  response: { a: { type: Made } }
";
    let notification = "title: made\nfamily: pay\nevents: [A.B]\nresource: { a: { type: Made } }\n";
    let files = [
        file("types/bill.yaml", state),
        file("types/pay.yaml", &format!("{state}{made}")),
        file("endpoints/v3/pay/make.yaml", endpoint),
        file("notifications/pay/made.yaml", notification),
    ];
    read(files).unwrap()
}

fn goes_round(spec: &Spec) -> Result<(), TestCaseError> {
    let written = write::files(spec);
    let files = written.clone().into_iter().map(|(path, text)| SourceFile { path, text });
    let again = read(files).map_err(|found| TestCaseError::fail(format!("{found}{written:#?}")))?;
    proptest::prop_assert_eq!(&again, spec, "{:#?}", written);
    proptest::prop_assert_eq!(write::files(&again), written);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_members(lists in [fields(3), fields(1), fields(1)], title in text(), note in text()) {
        let mut spec = frame();
        let [request, resource, made] = lists;
        for endpoint in spec.endpoints.values_mut() {
            for operation in endpoint.operations.values_mut() {
                operation.title = title.clone();
                operation.note = Some(Note::Text(note.clone()));
                operation.input = Input::Json(with(may_be_empty(request.clone())));
                operation.errors = errors(&title);
                operation.updates = true;
                if let Response::Json { statuses, .. } = &mut operation.response {
                    *statuses = vec![202, 200];
                }
            }
        }
        for notification in spec.notifications.values_mut() {
            notification.resource = with(resource.clone());
            notification.webhooks = vec![title.clone()];
            notification.note = Some(Note::Bilingual { zh: note.clone(), en: title.clone() });
            notification.response = Some(NotificationResponse {
                body: with(may_be_empty(request.clone())),
                time_limit: Some(3),
                signed: true,
            });
        }
        for named in spec.types.values_mut() {
            named.title = Some(title.clone());
            if let Shape::Object { direction: Direction::Response, fields } = &mut named.shape {
                fields.extend(made.clone());
            }
        }
        goes_round(&spec)?;
    }
}

/// Sets `empty` on the members whose types allow it.
fn may_be_empty(mut members: Vec<Field>) -> Vec<Field> {
    for member in &mut members {
        let has_empty = matches!(
            member.ty,
            FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_))
                | FieldType::List(_)
                | FieldType::JsonText(_)
        );
        member.empty = match (has_empty, member.optional) {
            (false, _) => Empty::Absent,
            (true, false) => Empty::Allowed,
            (true, true) => Empty::Clears,
        };
    }
    members
}

/// Error codes without more, with a text, with a text and a status, and with each source.
fn errors(when: &str) -> Vec<ErrorCode> {
    let code = |code: &str, status, when: Option<&str>, source| ErrorCode {
        code: code.to_owned(),
        status,
        when: when.map(str::to_owned),
        source,
    };
    let mut errors = vec![
        code("INVALID REQUEST", None, None, None),
        code("ORDER_CLOSED", None, Some(when), None),
        code("USER_PAYING", Some(202), None, None),
        code("NO_AUTH", Some(403), Some(when), None),
    ];
    for (source, word) in ErrorSource::ALL {
        let name = format!("BY_{}", word.to_uppercase().replace('-', "_"));
        errors.push(code(&name, None, None, Some(source)));
        errors.push(code(&format!("{name}_TOO"), None, Some(when), Some(source)));
    }
    errors
}

/// The members, and some that use the types of the frame.
fn with(mut members: Vec<Field>) -> Body {
    let used = |family: &str| TypeId { family: family.into(), name: "State".into() };
    for (name, family) in [("a", "bill"), ("b", "pay")] {
        members.push(Field {
            name: name.into(),
            optional: false,
            ty: FieldType::Named(used(family)),
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
        });
    }
    Body::Fields(members)
}
