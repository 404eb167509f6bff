//! Texts, JSON and enum values.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;
use wxpay_spec::model::EnumValue;

/// Texts that YAML misreads without quotes, at some place or in some version.
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

pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&TRAPS[..]).prop_map(str::to_owned),
        2 => "[ -~\\n\\t]{0,12}",
        2 => "[0-9eExXob_.:+-]{0,6}",
        1 => any::<String>(),
        1 => "[a-z用户]{90,110}",
    ]
}

/// A text that is not blank.
pub(super) fn text() -> impl Strategy<Value = String> {
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

pub(super) fn open_json() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        let member = (any_text(), inner.clone());
        prop_oneof![
            vec(inner, 0..4).prop_map(Value::from),
            vec(member, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

pub(super) fn enum_values(integer: bool) -> BoxedStrategy<Vec<EnumValue>> {
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
            let values =
                values.into_iter().enumerate().map(|(index, (wire, title, rust))| EnumValue {
                    wire,
                    title,
                    superseded: index == 1,
                    rust: rust.then(|| format!("V{index}")),
                });
            values.filter(|value| seen.insert(value.wire.clone())).collect()
        })
        .boxed()
}
