//! Asks before a call to WeChat Pay itself that may move money.

use std::io::{self, BufRead, IsTerminal, Write};

use serde_json::Value;
use wxpay_api::Client;

use super::members::CheckedMembers;
use super::secrets::HIDDEN;
use crate::catalogue::Place;
use crate::catalogue::model::{Part, Schema};
use crate::output::{Exit, Failure};
use crate::terminal::{DIM, NAME, WARNING, styled};

/// Parts of the names of members that say who gets or pays money.
const RECEIVERS: [&str; 9] = [
    "openid",
    "receiver",
    "account",
    "payee",
    "user_name",
    "sub_mchid",
    "bank_",
    "payer",
    "brand_id",
];
/// Parts of the names and titles of members that are amounts in fen.
const AMOUNTS: [&str; 5] = ["amount", "total", "fee", "price", "金额"];
/// Parts of the names of members that only count, such as `total_num`.
const COUNTS: [&str; 5] = ["num", "count", "quantity", "rate", "ratio"];

/// What a person sees before a call.
#[derive(Debug)]
pub(super) struct Confirmation {
    merchant: String,
    operation: String,
    title: String,
    url: String,
    /// Amounts in fen, by their paths.
    amounts: Vec<(String, i64)>,
    /// Who gets or pays money, by the paths. A secret is hidden.
    receivers: Vec<(String, String)>,
}

impl Confirmation {
    pub(super) fn of_members(client: &Client, members: &CheckedMembers) -> Self {
        let operation = members.operation;
        let host = operation.facts.host.as_deref().unwrap_or("api.mch.weixin.qq.com");
        let mut path = operation.facts.path.clone();
        for (place, field, value) in members.given() {
            if place == Place::Path {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                path = path.replace(&format!("{{{}}}", field.name), &value);
            }
        }
        let mut confirmation =
            Self::new(client, &operation.name(), format!("https://{host}{path}"));
        confirmation.title.clone_from(&operation.facts.title);
        for (_, field, value) in members.given() {
            let title = field.title.as_deref().unwrap_or_default();
            confirmation.note(operation.part, &field.schema, &field.name, title, value);
        }
        confirmation
    }

    /// Shows a call of which only the URL is known.
    pub(super) fn new(client: &Client, operation: &str, url: String) -> Self {
        Self {
            merchant: client.id().to_owned(),
            operation: operation.to_owned(),
            title: String::new(),
            url,
            amounts: Vec::new(),
            receivers: Vec::new(),
        }
    }

    /// Notes the amounts and receivers of a body without a descriptor, by their names.
    pub(super) fn note_untyped(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path =
                        if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.note_untyped(&path, value);
                }
            }
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    self.note_untyped(&format!("{path}[{at}]"), value);
                }
            }
            Value::Number(number) => self.note_amount(path, "", number.as_i64()),
            Value::String(text) => self.note_receiver(path, text),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn note(&mut self, part: &Part, schema: &Schema, path: &str, title: &str, value: &Value) {
        match (part.resolve(schema), value) {
            (Schema::Object { members }, Value::Object(object)) => {
                for field in members {
                    if let Some(value) = object.get(&field.name) {
                        let path = format!("{path}.{}", field.name);
                        let title = field.title.as_deref().unwrap_or_default();
                        self.note(part, &field.schema, &path, title, value);
                    }
                }
            }
            (Schema::List { items }, Value::Array(list)) => {
                for (at, element) in list.iter().enumerate() {
                    self.note(part, items, &format!("{path}[{at}]"), title, element);
                }
            }
            (Schema::JsonText { content }, value) => self.note(part, content, path, title, value),
            (Schema::Integer, Value::Number(number)) => {
                self.note_amount(path, title, number.as_i64());
            }
            (Schema::Secret { .. }, _) => self.note_receiver(path, HIDDEN),
            (Schema::Json, value) => self.note_untyped(path, value),
            (_, Value::String(text)) => self.note_receiver(path, text),
            _ => {}
        }
    }

    fn note_amount(&mut self, path: &str, title: &str, fen: Option<i64>) {
        let name = path.rsplit('.').next().unwrap_or_default();
        let is_amount = AMOUNTS.iter().any(|part| path.contains(part) || title.contains(part))
            && !COUNTS.iter().any(|part| name.contains(part));
        if let Some(fen) = fen.filter(|_| is_amount) {
            self.amounts.push((path.to_owned(), fen));
        }
    }

    fn note_receiver(&mut self, path: &str, text: &str) {
        if RECEIVERS.iter().any(|part| path.contains(part)) {
            self.receivers.push((path.to_owned(), text.to_owned()));
        }
    }

    /// Shows the call, and wants the merchant's id typed. Without a terminal it is refused, unless `yes` says so.
    pub(super) fn ask(&self, yes: bool) -> Result<(), Failure> {
        if yes {
            return Ok(());
        }
        let not_confirmed = |message: &str| Failure::new(message).exit(Exit::NotConfirmed);
        if !io::stdin().is_terminal() {
            return Err(not_confirmed(
                "nothing was sent: it may move real money, and there is no terminal to confirm it on; \
                 `--yes` sends it without a question",
            ));
        }
        let mut terminal = anstream::stderr();
        write!(terminal, "{}", self.text())?;
        terminal.flush()?;
        let mut typed = String::new();
        io::stdin().lock().read_line(&mut typed)?;
        match typed.trim() == self.merchant {
            true => Ok(()),
            false => Err(not_confirmed("nothing was sent: this is not the merchant's id")),
        }
    }

    fn text(&self) -> String {
        let mut lines = vec![
            styled(WARNING, "This call goes to WeChat Pay itself, with real money:"),
            format!("  {} {}", styled(NAME, &self.operation), self.title),
            format!("  {} {}", styled(DIM, "URL"), self.url),
            format!("  {} {}", styled(DIM, "merchant"), self.merchant),
        ];
        for (path, fen) in &self.amounts {
            lines.push(format!("  {} {fen} fen = {} yuan", styled(DIM, path), yuan(*fen)));
        }
        for (path, receiver) in &self.receivers {
            lines.push(format!("  {} {receiver}", styled(DIM, path)));
        }
        lines.push("Type the merchant's id to send it: ".to_owned());
        lines.join("\n")
    }
}

/// Writes fen as yuan.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}
