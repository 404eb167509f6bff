//! Tests difficult names: keywords, names of the prelude and of the runtime, and texts that are
//! hardly names. They occur as fields, types, enum values, segments, path parameters and
//! notifications. The tests in `compiled` compile the generated code.

use std::fmt::Write;

use wxpay_spec::SourceFile;

use crate::support::{compare_with, source};

const WORDS: &[&str] = &[
    // Keywords.
    "as",
    "async",
    "await",
    "box",
    "crate",
    "dyn",
    "enum",
    "extern",
    "fn",
    "gen",
    "impl",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "try",
    "type",
    "union",
    "use",
    "virtual",
    "where",
    "yield",
    // The prelude.
    "option",
    "some",
    "none",
    "vec",
    "string",
    "result",
    "ok",
    "default",
    "from",
    "into",
    "clone",
    "copy",
    "drop",
    "iterator",
    "to_string",
    "fn_once",
    "debug",
    // Types, crates, and names in generated code.
    "bool",
    "str",
    "i64",
    "core",
    "std",
    "operation",
    "request",
    "response",
    "needs",
    "field",
    "node",
    "client",
    "call",
    "unknown",
    "builder",
    "with",
    "file",
    "path",
    "object",
    "out",
    "value",
    "encode",
    "decode",
    "blank",
    "build",
    "start",
    "change",
    "new",
    "len",
    "fitting",
    "resource",
    "notifications",
    "sandbox",
    "event",
    "types",
    "get",
    "post",
    "delete",
    "wxpay_api",
    "codegen",
    // Hardly names.
    "2fa",
    "1",
    "a-b",
    "ID",
    "openID",
    "HTTPServer",
    "x_",
    "_y",
];

/// Words for members and values only, because a URL cannot contain them.
const MORE_WORDS: &[&str] = &["金额", "取消-原因", "é", "x.y", "x:z"];

#[test]
fn obstacles_are_as_expected() {
    let spec = wxpay_spec::read(sources()).unwrap_or_else(|errors| panic!("{errors}"));
    compare_with("obstacles/expected.rs", &spec);
}

fn sources() -> Vec<SourceFile> {
    let mut sources = vec![members(), objects(), upload(), types(), named()];
    sources.extend(urls());
    sources.extend(roots());
    sources.extend(notifications());
    sources
}

fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().chain(MORE_WORDS).copied()
}

/// Every word as a required field, as a response's field and as an enum's value.
fn members() -> SourceFile {
    let mut text = "path: /v3/members\npost:\n  title: 字段\n  request:\n".to_owned();
    for word in words() {
        writeln!(text, "    {word:?}: {{ type: string }}").unwrap();
    }
    text.push_str("    _: { type: string, rust: underscore }\n  response:\n");
    for word in words() {
        writeln!(text, "    {word:?}: {{ type: string }}").unwrap();
    }
    text.push_str("    number: { type: integer, enum: { 0:, 1:, -1:, 10: 十 } }\n");
    text.push_str("    word:\n      type: string\n      enum:\n        _: { rust: Underscore }\n");
    for word in words() {
        writeln!(text, "        {:?}:", word.to_uppercase()).unwrap();
    }
    source("endpoints/v3/members.yaml", &text)
}

/// Some words as nested objects of requests and responses, optional and required.
fn objects() -> SourceFile {
    let mut text = "path: /v3/objects\nput:\n  title: 对象\n  request:\n".to_owned();
    let few = || words().step_by(7).chain(["needs", "str", "bool", "金额", "option", "1"]);
    let mut few: Vec<_> = few().collect();
    few.sort_unstable();
    few.dedup();
    for (index, word) in few.iter().enumerate() {
        let optional = if index % 2 == 0 { "?" } else { "" };
        let fields = format!("{word:?}: {{ type: boolean }}, \"number?\": {{ type: integer }}");
        let key = format!("{word}{optional}");
        writeln!(text, "    {key:?}: {{ type: object, fields: {{ {fields} }} }}").unwrap();
    }
    text.push_str("  response:\n");
    for word in &few {
        let fields = format!("{word:?}: {{ type: number }}");
        writeln!(text, "    {word:?}: {{ type: object, fields: {{ {fields} }} }}").unwrap();
    }
    source("endpoints/v3/objects.yaml", &text)
}

fn upload() -> SourceFile {
    source(
        "endpoints/v3/upload.yaml",
        r#"
path: /v3/upload
post:
  title: 上传
  upload:
    meta:
      file: { type: string }
      path: { type: string }
      name: { type: string, constant: "\"quoted\" {}" }
    file: value
    parts:
      out: { type: string }
      request?: { type: string }
  response: { clone: { type: string }, builder: { type: string }, file: { type: string } }
"#,
    )
}

const TYPES: [&str; 7] = ["Option", "Needs", "String", "Type", "Event", "Str", "Bool"];

fn types() -> SourceFile {
    let types = TYPES.map(|name| {
        format!("{name}:\n  direction: response\n  fields: {{ of: {{ type: {name}List }} }}\n{name}List:\n  direction: response\n  fields: {{ list: {{ type: list, items: {{ type: {name} }} }} }}\n")
    });
    source("types/named.yaml", &types.concat())
}

fn named() -> SourceFile {
    let fields =
        TYPES.map(|name| format!("    field_{}: {{ type: {name} }}\n", name.to_lowercase()));
    let head = "path: /v3/named\nget:\n  title: 命名\n  response:\n";
    source("endpoints/v3/named.yaml", &format!("{head}{}", fields.concat()))
}

/// Every word as a literal and as a parameter, eight segments per URL.
fn urls() -> Vec<SourceFile> {
    let shifted: Vec<_> = WORDS.iter().skip(1).chain(WORDS.first()).copied().collect();
    let plain = WORDS.chunks(8).map(|words| ("literals", words));
    let urls = plain.chain(shifted.chunks(8).map(|words| ("shifted", words)));
    urls.map(|(name, words)| url(name, words)).collect()
}

fn url(name: &str, words: &[&str]) -> SourceFile {
    let mut path = format!("/v3/{name}");
    let mut parameters = String::new();
    for (index, word) in words.iter().enumerate() {
        if index % 2 == 0 {
            write!(path, "/{word}").unwrap();
        } else {
            write!(path, "/{{{word}}}").unwrap();
            write!(parameters, "{word:?}: {{ type: string }}, ").unwrap();
        }
    }
    let parameters =
        if parameters.is_empty() { String::new() } else { format!("\n  path: {{ {parameters} }}") };
    let text = format!("path: {path}\ndelete:\n  title: 词{parameters}\n  response: none\n");
    source(&format!("endpoints{path}.yaml"), &text)
}

/// First segments whose names the root uses for something else.
fn roots() -> Vec<SourceFile> {
    ["notifications", "sandbox", "event", "self", "2pac", "delete"]
        .map(|root| {
            let path = format!("/{root}/start");
            let text = format!("path: {path}\npost:\n  title: 根\n  response: none\n");
            source(&format!("endpoints{path}.yaml"), &text)
        })
        .into()
}

fn notifications() -> [SourceFile; 2] {
    [
        source(
            "notifications/mod/resource/type.yaml",
            r#"
title: 通知
family: core
events: ["A.\"B\""]
resource:
  Event: { type: string, enum: { AMBIGUOUS:, UNKNOWN: } }
  resource: { type: object, fields: { self: { type: string } } }
"#,
        ),
        source(
            "notifications/unknown.yaml",
            "title: 通知\nfamily: core\nevents: [C.D]\nresource: { self: { type: string } }\n",
        ),
    ]
}
