//! Broken pages never make the reader panic or run forever.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use wxpay_spec::import::read_page;
use wxpay_spec::model::Families;

use crate::support::{CLOSE, INEXPRESSIBLE, NESTED, QUERY, UPLOAD};

/// Tokens of pages.
const TOKENS: [&str; 36] = [
    "---\n",
    "```js twoslash\n",
    "```\n",
    "namespace WeChatPay.OpenAPI.V3.A._b_.PostHttpMethod {",
    "interface RequestConfig {",
    "interface JsonDataRequest extends JsonDataRequest {",
    "type WellformedResponse = ",
    "enum E {",
    "wxpay.v3.a._b_.post(",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "|",
    "&",
    ": ",
    "?",
    ",",
    ";",
    "'",
    "`",
    "\\",
    "/**",
    "*/",
    "//",
    "\n",
    " ",
    "string",
    "number",
    "'A'",
    "用户",
    "\u{0}",
];

fn page(text: &str) {
    let _ = read_page(text, &Families::default());
}

/// A change of a page: where, how many characters, and what replaces them.
fn edit() -> impl Strategy<Value = (Index, usize, String)> {
    let new = prop_oneof![3 => select(&TOKENS[..]).prop_map(str::to_owned), 1 => ".{0,3}"];
    (any::<Index>(), 0..12_usize, new)
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_text(text in "(?s).{0,200}") {
        page(&text);
        page(&format!("```js twoslash\n{text}"));
    }

    #[test]
    fn any_tokens(tokens in vec(select(&TOKENS[..]), 0..80)) {
        page(&tokens.concat());
        page(&format!("```js twoslash\n{}", tokens.concat()));
    }

    #[test]
    fn any_edit_of_a_good_page(
        good in select(&[CLOSE, QUERY, NESTED, UPLOAD, INEXPRESSIBLE][..]),
        edits in vec(edit(), 1..5),
    ) {
        let mut text = good.to_owned();
        for (place, length, new) in edits {
            let letters: Vec<char> = text.chars().collect();
            let from = place.index(letters.len() + 1);
            let after = letters.iter().skip(from + length);
            text = letters.iter().take(from).copied().chain(new.chars()).chain(after.copied()).collect();
        }
        page(&text);
    }
}

#[test]
fn any_nesting() {
    for (opening, closing) in [
        ("{ a: ", " }"),
        ("[", "]"),
        ("(", ")"),
        ("A<", ">"),
        ("'A' | ", ""),
        ("A & ", ""),
        ("string[", "]"),
    ] {
        let ty = format!("{}string{}", opening.repeat(2_000), closing.repeat(2_000));
        let namespace = "namespace WeChatPay.OpenAPI.V3.A.PostHttpMethod";
        page(&format!("```js twoslash\n{namespace} {{ type JsonDataRequest = {ty} }}\n```\n"));
    }
    page(&format!(
        "```js twoslash\n{}\n```\n",
        "namespace A { ".repeat(2_000) + &"} ".repeat(2_000)
    ));
    page(&format!("```js twoslash\nwxpay{}.post({{}})\n```\n", ".a".repeat(2_000)));
    page(&format!(
        "```js twoslash\nwxpay.v3.a.post({}{})\n```\n",
        "{a:".repeat(2_000),
        "}".repeat(2_000)
    ));
}

#[test]
fn types_that_contain_themselves() {
    page(
        "```js twoslash\nnamespace WeChatPay.OpenAPI.V3.A.PostHttpMethod {\n\
         interface JsonDataRequest extends B { a: JsonDataRequest, b: B, c: C }\n\
         interface B extends JsonDataRequest { a: B, b: B }\ntype C = C | B[]\n}\n```\n",
    );
}
