//! No text, however broken, makes the loader panic, overflow the stack or run forever.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

mod support;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use wxpay_spec::{SourceFile, read};

const PLACES: [&str; 5] = [
    "families.yaml",
    "types/pay.yaml",
    "endpoints/v3/pay/{id}.yaml",
    "notifications/pay/x.yaml",
    "lifecycles/pay/x.yaml",
];

/// Tokens of YAML and words of descriptors.
const TOKENS: [&str; 72] = [
    "\n",
    "\n  ",
    "\n    ",
    " ",
    ": ",
    ":",
    ", ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|",
    ">",
    "&a ",
    "*a",
    "!!str ",
    "#",
    "%",
    "@",
    "~",
    "---\n",
    "...\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{0}",
    "用户",
    "path",
    "post",
    "get",
    "title",
    "request",
    "response",
    "type",
    "fields",
    "list",
    "items",
    "object",
    "enum",
    "example",
    "length",
    "1..2",
    "repeat",
    "/v3/pay/{id}",
    "keys",
    "states",
    "operations",
    "events",
    "creates",
    "finds",
    "from",
    "guards",
    "sets",
    "effects",
    "sum_of",
    "where",
    "if",
    "then",
    "else",
    "all",
    "not",
    "refuse a",
    "own.a",
    "item.b[]",
    "own.@state",
    "NOTPAY",
    "7d",
    "GET /v3/pay/{id}",
];

fn everywhere(text: &str) {
    for place in PLACES {
        let _ = read([SourceFile { path: place.to_owned(), text: text.to_owned() }]);
    }
}

/// A change of a text: where, how many characters, and what replaces them.
fn edit() -> impl Strategy<Value = (Index, Index, usize, String)> {
    let new = prop_oneof![
        3 => select(&TOKENS[..]).prop_map(str::to_owned),
        1 => ".{0,3}",
        1 => Just(String::new()),
    ];
    (any::<Index>(), any::<Index>(), 0..12_usize, new)
}

proptest! {
    #![proptest_config(Config { cases: 256, ..Config::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}|(?s).{0,200}") {
        everywhere(&text);
    }

    #[test]
    fn any_tokens(tokens in vec(select(&TOKENS[..]), 0..80)) {
        everywhere(&tokens.concat());
    }

    #[test]
    fn any_edit_of_good_descriptors(edits in vec(edit(), 1..6)) {
        let mut files: Vec<SourceFile> =
            support::cases("good").iter().flat_map(|case| support::files(case)).collect();
        let count = files.len();
        for (file, place, length, new) in edits {
            let text = &mut files[file.index(count)].text;
            let letters: Vec<char> = text.chars().collect();
            let from = place.index(letters.len() + 1);
            let to = letters.len().min(from + length);
            *text = letters[..from].iter().copied().chain(new.chars()).chain(letters[to..].iter().copied()).collect();
        }
        let _ = read(files);
    }
}

#[test]
fn any_nesting() {
    for opening in ["[", "{", "{a: ", "- ", "? ", "a: [", "[{", "\"", "&a ", "!a "] {
        everywhere(&opening.repeat(20_000));
    }
    let block: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    everywhere(&block);
}

#[test]
fn many_entries() {
    let keys: String = (0..20_000).map(|index| format!("k{index}: {{ title: x }}\n")).collect();
    everywhere(&keys);
}

/// A lifecycle whose one event sets a member to a value, and has a guard and a target.
fn lifecycle(value: &str, condition: &str, target: &str) -> SourceFile {
    let text = format!(
        "title: a\nfamily: core\nkeys: [no]\nstates: {{ A: {{ title: a }} }}\nevents:\n  go:\n    title: a\n    from: {{ A: {target} }}\n    guards: [{{ not: {condition}, refuse: a }}]\n    sets: {{ no: {value} }}\n"
    );
    SourceFile { path: "lifecycles/pay/x.yaml".to_owned(), text }
}

#[test]
fn lifecycles_nest_deeply() {
    let nested = |open: &str, inside: &str, close: &str, depth: usize| {
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    for depth in [10, 40, 20_000] {
        let value = nested("{ first: [", "own.a", "] }", depth);
        let case = nested("{ if: { present: own.a }, then: ", "own.a", " }", depth);
        let condition = nested("{ not: ", "{ present: own.a }", " }", depth);
        let any = nested("{ any: [", "{ present: own.a }", "] }", depth);
        let target = nested("{ if: { present: own.a }, else: A, then: ", "A", " }", depth);
        for file in [lifecycle(&value, &any, "A"), lifecycle(&case, &condition, &target)] {
            assert!(read([file]).is_err(), "nothing sets `a`");
        }
    }
}

/// Each of many entries is looked up among the others.
#[test]
fn a_large_lifecycle_is_read_soon() {
    let list = |entry: &dyn Fn(usize) -> String| (0..1000).map(entry).collect::<String>();
    let states = list(&|index| format!("  S{index}: {{ title: a }}\n"));
    let from = list(&|index| format!("      S{index}: S{}\n", (index + 1) % 1000));
    let sets = list(&|index| format!("      m{index}: own.m{index}\n"));
    let events = list(&|index| format!("  e{index}: {{ title: a, from: {{ S0: S1 }} }}\n"));
    let timers = list(&|index| format!("  - {{ in: [S0], after: 7d, do: e{index} }}\n"));
    let text = format!(
        "title: a\nfamily: core\nkeys: [m0]\nstates:\n{states}events:\n  go:\n    title: a\n    from:\n{from}    sets:\n{sets}{events}timers:\n{timers}"
    );
    let file = SourceFile { path: "lifecycles/pay/x.yaml".to_owned(), text };
    let begin = std::time::Instant::now();
    if let Err(diagnostics) = read([file]) {
        panic!("{diagnostics}");
    }
    assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
}
