//! A request's values against what the book says of them.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::book::{Book, Member, Schema, SecretContent};
use super::refusal::{Location, Problem};
use crate::protocol::{DecryptError, PrivateKey};

/// Collects everything that is wrong with a request, and the secrets that opened.
#[derive(Debug)]
pub(super) struct Check<'a> {
    book: &'a Book,
    /// Opens what was sealed for the key that `Wechatpay-Serial` names.
    key: Option<&'a PrivateKey>,
    pub(super) problems: Vec<Problem>,
    /// Plain texts by key path.
    pub(super) secrets: Vec<(String, Vec<u8>)>,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    location: Location,
    path: &'a str,
}

impl<'a> Check<'a> {
    pub(super) fn new(book: &'a Book, key: Option<&'a PrivateKey>) -> Self {
        Self { book, key, problems: Vec::new(), secrets: Vec::new() }
    }

    pub(super) fn problem(
        &mut self,
        location: Location,
        field: impl Into<String>,
        issue: impl Into<String>,
    ) {
        self.problems.push(Problem { field: field.into(), issue: issue.into(), location });
    }

    /// A JSON document: a body, or an upload's meta.
    pub(super) fn document(&mut self, location: Location, schema: &Schema, document: &Value) {
        self.value(Place { location, path: "" }, schema, document, None);
    }

    pub(super) fn members(
        &mut self,
        location: Location,
        members: &[Member],
        object: &Map<String, Value>,
    ) {
        self.object(Place { location, path: "" }, members, object);
    }

    fn object(&mut self, place: Place<'_>, members: &[Member], object: &Map<String, Value>) {
        for name in object.keys() {
            if !members.iter().any(|member| member.name == *name) {
                let field = join(place.path, name);
                self.problem(place.location, field, "is not a member that this operation has");
            }
        }
        for member in members {
            let path = join(place.path, &member.name);
            let place = Place { path: &path, ..place };
            match object.get(&member.name) {
                Some(value) => self.member(place, member, value),
                None if member.required => self.complain(place, "is required"),
                None => {}
            }
        }
    }

    fn member(&mut self, place: Place<'_>, member: &Member, value: &Value) {
        match value {
            Value::Null => self.complain(place, "must not be null; leave the member out"),
            Value::String(text) if text.is_empty() && member.required => {
                self.complain(place, "must not be empty");
            }
            // WeChat Pay takes an empty optional text for an absent one, and never encrypts it.
            Value::String(text) if text.is_empty() && self.is_text(&member.schema) => {}
            value => self.value(place, &member.schema, value, Some(member)),
        }
    }

    fn value(&mut self, place: Place<'_>, schema: &Schema, value: &Value, limits: Option<&Member>) {
        match (self.book.resolve(schema), value) {
            (Schema::Json, _) | (Schema::Boolean, Value::Bool(_)) => {}
            (Schema::String { .. }, Value::String(text)) => self.text(place, text, limits),
            (Schema::Secret { content }, Value::String(text)) => {
                self.secret(place, *content, text, limits);
            }
            (Schema::JsonText { content }, Value::String(text)) => {
                self.json_text(place, content, text);
            }
            (Schema::Integer, Value::Number(number)) if number.is_i64() => {
                self.range(place, number.as_f64(), limits);
            }
            (Schema::Number, Value::Number(number)) => self.range(place, number.as_f64(), limits),
            (Schema::Enum { values, integer: false }, Value::String(text)) => {
                self.one_of(place, values, text);
            }
            (Schema::Enum { values, integer: true }, Value::Number(number)) => {
                self.one_of(place, values, &number.to_string());
            }
            (Schema::Object { members }, Value::Object(object)) => {
                self.object(place, members, object);
            }
            (Schema::List { items }, Value::Array(list)) => self.list(place, items, list, limits),
            (expected, found) => {
                let issue = format!("must be {}, not {}", kind(expected), json_kind(found));
                self.complain(place, issue);
            }
        }
    }

    fn list(&mut self, place: Place<'_>, items: &Schema, list: &[Value], limits: Option<&Member>) {
        self.length(place, list.len(), "elements", limits);
        for (index, item) in list.iter().enumerate() {
            let path = format!("{}[{index}]", place.path);
            let place = Place { path: &path, ..place };
            match item {
                Value::Null => self.complain(place, "must not be null"),
                item => self.value(place, items, item, None),
            }
        }
    }

    fn text(&mut self, place: Place<'_>, text: &str, limits: Option<&Member>) {
        if text.chars().any(|character| character.len_utf8() > 3) {
            self.complain(place, "must not have characters of four UTF-8 bytes, such as emoji");
        }
        self.length(place, text.chars().count(), "characters", limits);
        self.pattern(place, text, limits);
    }

    fn pattern(&mut self, place: Place<'_>, text: &str, limits: Option<&Member>) {
        let Some(pattern) = limits.and_then(|member| member.pattern.as_ref()) else {
            return;
        };
        // A pattern that is none says nothing; the descriptors are checked for that when they are read.
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        if whole.is_ok_and(|whole| !whole.is_match(text)) {
            self.complain(place, format!("must match {pattern}"));
        }
    }

    fn json_text(&mut self, place: Place<'_>, content: &Schema, text: &str) {
        match serde_json::from_str(text) {
            Ok(document) => self.value(place, content, &document, None),
            Err(_) => self.complain(place, "must be JSON inside a string"),
        }
    }

    fn one_of(&mut self, place: Place<'_>, values: &[String], found: &str) {
        if !values.iter().any(|value| value == found) {
            self.complain(place, format!("must be one of {}", values.join(", ")));
        }
    }

    /// An encrypted member (docs/protocol/encryption.md §5).
    fn secret(
        &mut self,
        place: Place<'_>,
        content: SecretContent,
        ciphertext: &str,
        limits: Option<&Member>,
    ) {
        // Without a key the header is wrong, which is reported there.
        let Some(key) = self.key else { return };
        let plain = match key.decrypt(ciphertext) {
            Ok(plain) => plain,
            Err(DecryptError::Base64 | DecryptError::Length { .. }) => {
                return self.complain(place, "must be encrypted (RSA-OAEP with SHA-1, in Base64)");
            }
            Err(_) => {
                return self.complain(
                    place,
                    "does not decrypt with the key that Wechatpay-Serial names \
                     (RSA-OAEP with SHA-1 is needed)",
                );
            }
        };
        if content == SecretContent::Text {
            match std::str::from_utf8(&plain) {
                Ok(text) => self.text(place, text, limits),
                Err(_) => self.complain(place, "decrypts to something that is not UTF-8"),
            }
        }
        self.secrets.push((place.path.to_owned(), plain.to_vec()));
    }

    fn length(&mut self, place: Place<'_>, length: usize, of_what: &str, limits: Option<&Member>) {
        let Some((least, most)) = limits.and_then(|member| member.length) else {
            return;
        };
        if length < least {
            self.complain(place, format!("must have at least {least} {of_what}, not {length}"));
        } else if let Some(most) = most.filter(|most| length > *most) {
            self.complain(place, format!("must have at most {most} {of_what}, not {length}"));
        }
    }

    fn range(&mut self, place: Place<'_>, number: Option<f64>, limits: Option<&Member>) {
        let (Some(number), Some((least, most))) =
            (number, limits.and_then(|member| member.range.as_ref()))
        else {
            return;
        };
        let bound = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        if let Some(least) = bound(least).filter(|least| number < *least) {
            self.complain(place, format!("must be at least {least}"));
        } else if let Some(most) = bound(most).filter(|most| number > *most) {
            self.complain(place, format!("must be at most {most}"));
        }
    }

    fn is_text(&self, schema: &Schema) -> bool {
        matches!(self.book.resolve(schema), Schema::String { .. } | Schema::Secret { .. })
    }

    fn complain(&mut self, place: Place<'_>, issue: impl Into<String>) {
        let field = if place.path.is_empty() { "/" } else { place.path };
        self.problem(place.location, field, issue);
    }
}

/// The key path of a member.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn kind(schema: &Schema) -> &'static str {
    match schema {
        Schema::String { .. } | Schema::Enum { integer: false, .. } => "a string",
        Schema::Integer | Schema::Enum { integer: true, .. } => "an integer",
        Schema::Number => "a number",
        Schema::Boolean => "a boolean",
        Schema::Secret { .. } => "an encrypted string",
        Schema::Object { .. } => "an object",
        Schema::List { .. } => "a list",
        Schema::JsonText { .. } => "a string with JSON inside",
        Schema::Json | Schema::Named { .. } => "JSON",
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
