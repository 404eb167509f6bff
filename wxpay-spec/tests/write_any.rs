//! Whatever a descriptor may say, it reads back as it was written.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use wxpay_spec::model::{
    Body, Direction, EnumValue, Example, Field, FieldType, Number, Primitive, Secret, Shape, Spec,
    StringFormat, TypeId,
};
use wxpay_spec::{SourceFile, read, write};

/// What YAML takes for something else than this text, at some place or in some version.
const TRAPS: [&str; 52] = [
    "yes",
    "No",
    "ON",
    "off",
    "~",
    "null",
    "True",
    "1",
    "-1",
    "+1",
    "007",
    "1_000",
    "0x1F",
    "0o17",
    "0b1",
    "1e3",
    "1.",
    ".5",
    "-.5E-3",
    ".inf",
    "-.Inf",
    ".nan",
    "12:30:45",
    "2022-05-13",
    "2018-06-08T10:34:56+08:00",
    "1217752501201407033233368018",
    "<<",
    "=",
    "---",
    "...",
    "- a",
    "-",
    "-a",
    "? a",
    "?",
    ":",
    "a: b",
    "a:",
    "a:b",
    "a #b",
    "#a",
    "a, b",
    "[a]",
    "{a}",
    "a]",
    "it's",
    "'a'",
    "\"a\"",
    "C:\\d",
    "{\"a\": 1}",
    "\u{feff}a\u{85}\u{2028}",
    " 用户：，投诉 \t\r\n 🙂",
];

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&TRAPS[..]).prop_map(str::to_owned),
        2 => "[ -~\\n\\t]{0,12}",
        2 => "[0-9eExXob_.:+-]{0,6}",
        1 => any::<String>(),
        1 => "[a-z用户]{90,110}",
    ]
}

/// A text that shows.
fn text() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| {
        if text.contains(|letter: char| letter.is_ascii_graphic()) { text } else { text + "x" }
    })
}

fn scalar() -> BoxedStrategy<Value> {
    prop_oneof![
        any_text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ]
    .boxed()
}

fn open_json() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        let member = (any_text(), inner.clone());
        prop_oneof![
            vec(inner, 0..4).prop_map(Value::from),
            vec(member, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn enum_values(integer: bool) -> BoxedStrategy<Vec<EnumValue>> {
    let wire = if integer {
        any::<i64>().prop_map(|number| number.to_string()).boxed()
    } else {
        any_text().prop_map(|text| text.replace(char::is_control, "") + "v").boxed()
    };
    let trap = select(&TRAPS[..47]).prop_map(str::to_owned);
    let wire = if integer { wire } else { prop_oneof![wire, trap].boxed() };
    vec((wire, option::of(text()), any::<bool>()), 1..5)
        .prop_map(|values| {
            let mut seen = BTreeSet::new();
            let values = values.into_iter().enumerate().map(|(index, (wire, title, rust))| {
                EnumValue { wire, title, rust: rust.then(|| format!("V{index}")) }
            });
            values.filter(|value| seen.insert(value.wire.clone())).collect()
        })
        .boxed()
}

/// A type, and an example of it unless it has none.
type Typed = (FieldType, Option<Value>);

fn primitive() -> BoxedStrategy<Typed> {
    let other = select(&["uri", "date", "media-id"][..]);
    let format = prop_oneof![
        Just(None),
        Just(Some(StringFormat::DateTime)),
        other.prop_map(|word| Some(StringFormat::Other(word.to_owned()))),
    ];
    let string = prop_oneof![
        format.prop_map(Primitive::String),
        select(&[Secret::Text, Secret::Bytes][..]).prop_map(Primitive::Secret),
    ];
    let with = |ty: Primitive, value: Value| (FieldType::Primitive(ty), value);
    prop_oneof![
        (string, any_text()).prop_map(move |(ty, text)| with(ty, text.into())),
        any::<i64>().prop_map(move |number| with(Primitive::Integer, number.into())),
        any::<f64>().prop_map(move |number| {
            let number = if number.is_finite() { json!(number) } else { json!(7) };
            with(Primitive::Number, number)
        }),
        any::<bool>().prop_map(move |flag| with(Primitive::Boolean, flag.into())),
        open_json().prop_map(move |value| with(Primitive::Json, value)),
    ]
    .prop_flat_map(|(ty, value)| (Just(ty), option::of(Just(value))))
    .boxed()
}

fn enumeration() -> BoxedStrategy<Typed> {
    any::<bool>()
        .prop_flat_map(|integer| (Just(integer), enum_values(integer)))
        .prop_map(|(integer, values)| {
            let example = match integer {
                true => values[0].wire.parse::<i64>().unwrap().into(),
                false => Value::from(values[0].wire.clone()),
            };
            (FieldType::Enum { integer, values }, Some(example))
        })
        .boxed()
}

fn named() -> BoxedStrategy<Typed> {
    let id = |(family, name): (&str, &str)| TypeId { family: family.into(), name: name.into() };
    select(&[("pay", "State"), ("bill", "State")][..])
        .prop_map(move |given| (FieldType::Named(id(given)), Some(json!("yes"))))
        .boxed()
}

/// What an element or a content may be, down to so many levels.
fn element(depth: u32) -> BoxedStrategy<Typed> {
    let leaf = prop_oneof![primitive(), enumeration(), named()].boxed();
    if depth == 0 {
        return leaf;
    }
    let object = fields(depth - 1).prop_map(|fields| {
        let example = |field: &Field| Some((field.name.clone(), field.example.clone()?.0));
        let members = fields.iter().filter_map(example).collect();
        (FieldType::Object(fields), Some(Value::Object(members)))
    });
    prop_oneof![3 => leaf, 1 => object].boxed()
}

fn list(depth: u32) -> BoxedStrategy<Typed> {
    (element(depth), option::of(0..3_usize))
        .prop_map(|((ty, example), count)| {
            let example = example.zip(count).map(|(value, count)| vec![value; count].into());
            (FieldType::List(Box::new(ty)), example)
        })
        .boxed()
}

fn json_text(depth: u32) -> BoxedStrategy<Typed> {
    prop_oneof![element(depth), list(depth)]
        .prop_map(|(ty, example)| {
            let example = example.map(|value| Value::from(value.to_string()));
            (FieldType::JsonText(Box::new(ty)), example)
        })
        .boxed()
}

fn field(depth: u32) -> impl Strategy<Value = Field> {
    let typed = prop_oneof![4 => element(depth), 1 => list(depth), 1 => json_text(depth)];
    let words = [option::of(text()), option::of(text()), option::of(text())];
    let lengths = [(0, Some(8)), (2, None), (1, Some(32))];
    let range = (option::of(-9..0_i32), 0.5..9.0_f64);
    let bounds = (option::of(select(lengths.to_vec())), option::of(range));
    let pattern = option::of(select(&[r"^\d+$", "it's|\"", "[0-9]{8}", "yes"][..]));
    let name = ("[!-~用户&&[^?]]?", any::<bool>());
    (name, typed, words, bounds, pattern, any::<bool>()).prop_map(
        |((name, optional), (ty, example), [title, note, corrects], bounds, pattern, renamed)| {
            let is_text =
                matches!(ty, FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_)));
            let is_number =
                matches!(ty, FieldType::Primitive(Primitive::Integer | Primitive::Number));
            let (length, range) = bounds;
            let example = example.filter(|_| length.is_none() && range.is_none());
            // The language cannot say that an example is null.
            let example = example.filter(|value| !value.is_null());
            let number = |text: String| Some(Number(text));
            Field {
                name,
                optional,
                length: length.filter(|_| is_text || matches!(ty, FieldType::List(_))),
                range: range.filter(|_| is_number).map(|(least, most)| {
                    (least.and_then(|n| number(n.to_string())), number(format!("{most:.2}")))
                }),
                pattern: pattern.filter(|_| is_text).map(str::to_owned),
                computed: None,
                rust: renamed.then(String::new),
                ty,
                title,
                note,
                example: example.map(Example),
                corrects,
            }
        },
    )
}

/// Members whose names are one another's in no language.
fn fields(depth: u32) -> BoxedStrategy<Vec<Field>> {
    vec(field(depth), 1..4)
        .prop_map(|mut fields| {
            for (index, field) in fields.iter_mut().enumerate() {
                field.name = format!("{}m{index}", field.name);
                field.rust = field.rust.as_ref().map(|_| format!("renamed_{index}"));
            }
            fields
        })
        .boxed()
}

/// A folder with a file of each kind, for the members to be put into.
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
                operation.note = Some(note.clone());
                operation.input = wxpay_spec::model::Input::Json(with(request.clone()));
            }
        }
        for notification in spec.notifications.values_mut() {
            notification.resource = with(resource.clone());
            notification.webhooks = vec![title.clone()];
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

/// The members, and those that make the frame's types used.
fn with(mut members: Vec<Field>) -> Body {
    let used = |family: &str| TypeId { family: family.into(), name: "State".into() };
    for (name, family) in [("a", "bill"), ("b", "pay")] {
        members.push(Field {
            name: name.into(),
            optional: false,
            ty: FieldType::Named(used(family)),
            title: None,
            note: None,
            example: None,
            length: None,
            range: None,
            pattern: None,
            computed: None,
            rust: None,
            corrects: None,
        });
    }
    Body::Fields(members)
}
