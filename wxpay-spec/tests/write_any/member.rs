//! Members of every type, with examples that fit.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};
use wxpay_spec::model::{
    Corrects, Empty, Example, Field, FieldFact, FieldType, Note, Number, Primitive, Secret,
    StringFormat, TypeId,
};

use super::text::{any_text, enum_values, open_json, text};

/// A type with an example, if it can have one.
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

/// The type of an element or a content, with at most `depth` levels.
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
                empty: Empty::Absent,
                not_with: None,
                computed: None,
                rust: renamed.then(String::new),
                ty,
                title,
                note: note.map(Note::Text),
                superseded: optional && renamed,
                example: example.map(Example),
                corrects: corrects.map(|reason| match renamed {
                    true => Corrects::All(reason),
                    false => Corrects::Facts(
                        [FieldFact::Required, FieldFact::Title]
                            .map(|fact| (fact, reason.clone()))
                            .into(),
                    ),
                }),
            }
        },
    )
}

/// Members with different names, on the wire and in Rust.
pub(super) fn fields(depth: u32) -> BoxedStrategy<Vec<Field>> {
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
