//! The listing of the hand-written public API, on a small crate of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const LISTING: &str = "wxpay-api/public-api-runtime.txt";

const ORDERS: &str = "path: /v3/shop/orders\npost:\n  title: 下单\n  response: none\n";

const LIB: &str = r#"
pub use client::{Client, Reply as Answer, fetch};
pub use generated::*;
pub use outside::Decimal;

mod client;
mod generated;
// Generated modules. `cargo xtask regen` writes these lines.
#[path = "generated/gone/mod.rs"]
pub mod gone;
// The end of the generated modules.
#[cfg(feature = "axum")]
pub mod web;
#[cfg(doctest)]
pub mod pages;

#[cfg(test)]
pub mod tests {}
"#;

const CLIENT: &str = r#"
use std::fmt;

mod rows;

pub use rows::*;

/// A client.
#[derive(Clone, Default)]
pub struct Client {
    name: String,
    pub(crate) secret: u8,
}

impl Client {
    /// Its name.
    #[must_use]
    pub fn name(mut self, mut name: impl Into<String>) -> Self { self }
    #[cfg(feature = "axum")]
    pub async fn serve<T: Clone>(&mut self, a_long_argument: Vec<Option<T>>, another_one: &'static str, third: u8) -> Result<(), u8>
    where
        T: Send,
    { Ok(()) }
    pub const MOST: usize = 3;
    #[doc(hidden)]
    pub fn internal(&self) {}
    fn private(&self) {}
    pub(crate) fn restricted(&self) {}
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) }
}

impl Private for Client {}

impl Iterator for Client {
    type Item = u8;
    fn next(&mut self) -> Option<u8> { None }
}

impl From<Client> for String {
    fn from(_: Client) -> Self { String::new() }
}

trait Private {}

struct Secret;

impl Secret { pub fn unseen(&self) {} }

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reply {
    #[error("plain")]
    Plain,
    #[error("io")]
    Io(#[from] std::io::Error),
    #[error("both")]
    Both { a: u8 },
}

pub fn fetch(url: &str) -> u8 { 0 }
"#;

const ROWS: &str = r#"
macro_rules! record {
    (pub struct $name:ident { $($field:ident: $kind:ty),* }) => {
        pub struct $name { $(pub $field: $kind),* }
        impl $name { pub fn missing(&self) -> Vec<u8> { Vec::new() } }
    };
}

record! {
    /// A row.
    pub struct Row { time: u8, amount: Option<i64> }
}

pub struct Pair(pub u8, pub String);
"#;

const WEB: &str = r#"
pub trait Handler: Send + Sync {
    type State: Clone;
    fn handle(&self, state: Self::State);
    fn name(&self) -> String { String::new() }
}

impl<T: Send + Sync> Handler for Vec<T> {
    type State = u8;
    fn handle(&self, _: u8) {}
}

pub type Alias<T> = Vec<T>;
"#;

const EXPECTED: &str = r#"Answer: enum
Answer: impl Debug, Display, Error, From<std::io::Error>
Answer::Both { a: u8 }
Answer::Io(std::io::Error)
Answer::Plain
Client: impl Clone, Debug, Default
Client: impl Iterator for Client, Item = u8
Client: struct
Client::MOST: const usize
Client::internal(&self), hidden
Client::name(self, name: impl Into<String>) -> Self
Client::serve<T: Clone>(&mut self, a_long_argument: Vec<Option<T>>, another_one: &'static str, third: u8) -> Result<(), u8> where T: Send, async [axum]
Decimal: outside::Decimal
client::rows: record!: pub struct Row
client::rows: record!: pub struct Row: amount: Option<i64>
client::rows: record!: pub struct Row: time: u8
fetch(url: &str) -> u8
impl From<Client> for String
macro record!: impl $name
macro record!: pub $field: $kind
macro record!: pub fn missing(&self) -> Vec<u8>
macro record!: pub struct $name
macro record!: pub struct $name: ident
web: module [axum]
web::Alias<T> = Vec<T> [axum]
web::Handler: impl<T: Send + Sync> for Vec<T>, State = u8 [axum]
web::Handler: trait: Send + Sync [axum]
web::Handler::State: type: Clone [axum]
web::Handler::handle(&self, state: Self::State) [axum]
web::Handler::name(&self) -> String, provided [axum]
"#;

/// A workspace in a temporary folder.
struct Root(TempDir);

impl Root {
    fn new() -> Self {
        let root = Self(TempDir::new().unwrap());
        root.write("wxpay-api/Cargo.toml", "[package]\nname = \"wxpay-api\"\n\n[features]\n");
        root.write("wxpay-spec/families.yaml", "shop: { title: 商店, default: true }\n");
        root.write("wxpay-spec/endpoints/v3/shop/orders.yaml", ORDERS);
        for (path, text) in
            [("lib.rs", LIB), ("client/mod.rs", CLIENT), ("client/rows.rs", ROWS), ("web.rs", WEB)]
        {
            root.write(&format!("wxpay-api/src/{path}"), text);
        }
        root
    }

    fn write(&self, relative: &str, text: &str) {
        let path = self.0.path().join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.0.path().join(relative)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("--root").arg(self.0.path()).args(arguments).output().unwrap()
    }

    fn regen(&self) -> String {
        let output = self.run(&["regen"]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        stderr
    }
}

#[test]
fn a_listing_has_what_callers_can_name_and_nothing_else() {
    let root = Root::new();
    root.regen();
    let found = root.read(LISTING);
    assert_eq!(found, EXPECTED, "{found}");
}

#[test]
fn a_stale_listing_fails_the_check() {
    let root = Root::new();
    root.regen();
    assert!(root.run(&["regen", "--check"]).status.success());
    root.write("wxpay-api/src/client/mod.rs", &CLIENT.replace("fn fetch(", "fn fetched("));
    let output = root.run(&["regen", "--check"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("public-api-runtime.txt"));
}

#[test]
fn what_may_break_a_caller_is_named() {
    let root = Root::new();
    root.regen();
    root.write("wxpay-api/src/client/mod.rs", &CLIENT.replace("url: &str", "url: String"));
    assert_eq!(root.regen(), "breaking, gone or changed: fetch(url: &str) -> u8\n");
}

#[test]
fn a_source_that_cannot_be_read_is_named() {
    let root = Root::new();
    root.write("wxpay-api/src/web.rs", "pub fn (");
    let output = root.run(&["regen"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("web.rs"));
}
