//! The commands of the documents, run one after the other.
//!
//! A block of `console` has commands after `$ `, and what they write below. `…` stands for any text in a line, and a line
//! with `…` alone for any lines.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::net::TcpListener;

use crate::notifications::{captured, payment};
use crate::support::{Ran, Shop, program};

/// A command of a document, and what it writes.
struct Example {
    line: usize,
    command: String,
    expected: Vec<String>,
}

fn examples(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut is_inside = false;
    for (at, line) in text.lines().enumerate() {
        match line {
            "```console" => is_inside = true,
            "```" => is_inside = false,
            _ if !is_inside => {}
            _ => match (line.strip_prefix("$ "), examples.last_mut()) {
                (Some(command), _) => {
                    let command = command.to_owned();
                    examples.push(Example { line: at + 1, command, expected: Vec::new() });
                }
                (None, Some(example)) => example.expected.push(line.to_owned()),
                (None, None) => panic!("line {}: no command above", at + 1),
            },
        }
    }
    examples
}

/// Whether a line is as expected.
fn fits(expected: &str, line: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap()) else { return false };
    let parts: Vec<_> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        let found = match at + 1 == parts.len() {
            true => rest.ends_with(part).then(|| rest.len() - part.len()),
            false => rest.find(part),
        };
        let Some(found) = found else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.is_empty()
}

/// Whether lines are as expected.
fn all_fit(expected: &[String], lines: &[&str]) -> bool {
    match (expected.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "…" => {
            (0..=lines.len()).any(|skipped| all_fit(rest, &lines[skipped..]))
        }
        (Some((first, expected)), Some((line, lines))) => {
            fits(first, line) && all_fit(expected, lines)
        }
        _ => false,
    }
}

/// What the documents take for given: an order, a captured notification, a server that acknowledges, and a yesterday.
async fn shop() -> (Shop, String, String) {
    let shop = Shop::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let routes = Router::new().fallback(|| async { StatusCode::NO_CONTENT });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    shop.write("captured.http", captured(&shop, payment()));
    shop.paid("order-0").await;
    let paid = shop.sandbox.order("order-0").unwrap().object().unwrap();
    let day = paid["success_time"].as_str().unwrap()[..10].to_owned();
    shop.sandbox.advance(Duration::from_secs(34 * 60 * 60));
    let prepay_id = shop.order("order-1", &format!("http://127.0.0.1:{port}/notify")).await;
    shop.write("day", &day);
    shop.write("port", port.to_string());
    (shop, day, prepay_id)
}

async fn check(document: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(document);
    let text = std::fs::read_to_string(file).unwrap();
    let (shop, day, prepay_id) = shop().await;
    let port = std::fs::read_to_string(shop.file("port")).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_wxpay")).parent().unwrap().to_owned();
    let examples = examples(&text);
    assert!(examples.len() >= 25, "{document} has {} examples", examples.len());
    for Example { line, command, expected } in examples {
        let command = command
            .replace("2025-03-01", &day)
            .replace("wx20…", &prepay_id)
            .replace(":3000/", &format!(":{port}/"));
        let mut shell = program(shop.folder.path());
        shell.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        let mut bash = std::process::Command::new("bash");
        bash.env_clear().envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
        bash.current_dir(shop.folder.path()).args(["-c", &format!("exec 2>&1; {command}")]);
        let ran = Ran::of(&mut bash, b"");
        let written =
            ran.stdout.replace(&day, "2025-03-01").replace(&format!(":{port}/"), ":3000/");
        let lines: Vec<_> = written.lines().collect();
        assert!(
            all_fit(&expected, &lines),
            "{document}, line {line}: `{command}` ended with {}, and wrote\n{written}\nnot\n{}",
            ran.code,
            expected.join("\n"),
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_english_page_is_true() {
    check("cli.md").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chinese_page_is_true() {
    check("cli.zh-CN.md").await;
}

/// The pages show the same commands.
#[test]
fn both_pages_have_the_same_examples() {
    let commands = |document: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(document);
        let text = std::fs::read_to_string(file).unwrap();
        examples(&text).into_iter().map(|it| it.command).collect::<Vec<_>>()
    };
    let english: Vec<_> =
        commands("cli.md").iter().map(|it| it.replace("language en", "")).collect();
    let chinese: Vec<_> =
        commands("cli.zh-CN.md").iter().map(|it| it.replace("language zh", "")).collect();
    assert_eq!(english, chinese);
}
