//! Places in the descriptors, as people read and write them: `POST /v3/pay request.amount`.

use std::fmt;
use std::str::FromStr;

use super::{Direction, Method, TypeId};

/// The key of a list's element.
pub(crate) const ELEMENT: &str = "[]";
/// The key of a JSON text's content.
pub(crate) const CONTENT: &str = "{}";

/// An entry of the descriptors: an operation, a notification or a named type.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum EntryName {
    /// The method and the path: `POST /v3/pay`.
    Operation(Method, String),
    /// The place below `notifications/`: `notification pay/transaction`.
    Notification(String),
    /// The type: `type pay/Transaction`.
    Type(TypeId),
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(method, path) => write!(f, "{} {path}", method.wire()),
            Self::Notification(place) => write!(f, "notification {place}"),
            Self::Type(id) => write!(f, "type {id}"),
        }
    }
}

/// The place of a type inside an entry: `POST /v3/pay response.goods[]`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct FieldPlace {
    /// The entry that holds the place.
    pub entry: EntryName,
    /// The section of an operation (`path`, `query`, `header`, `request`, `meta`, `parts`, `response`)
    /// or of a notification (`resource`, `response`), then the members on the way.
    ///
    /// `[]` stands for a list's element, `{}` for a JSON text's content. A named type has no section.
    pub keys: Vec<String>,
}

impl FieldPlace {
    /// Returns the place of a whole entry.
    #[must_use]
    pub fn new(entry: EntryName) -> Self {
        Self { entry, keys: Vec::new() }
    }

    /// Returns the place one key further down.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        let mut child = self.clone();
        child.keys.push(key.to_owned());
        child
    }

    /// Whether the objects of an operation or a notification are sent or received at this place.
    /// `None` for a named type, which says so itself.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let is_response = self.keys.first().is_some_and(|section| section == "response");
        match (&self.entry, is_response) {
            (EntryName::Operation(..), false) | (EntryName::Notification(_), true) => {
                Some(Direction::Request)
            }
            (EntryName::Operation(..), true) | (EntryName::Notification(_), false) => {
                Some(Direction::Response)
            }
            (EntryName::Type(_), _) => None,
        }
    }

    /// Returns the keys as one text: `response.goods[]`.
    #[must_use]
    pub fn key_path(&self) -> String {
        let mut text = String::new();
        for (at, key) in self.keys.iter().enumerate() {
            if at > 0 && key != ELEMENT && key != CONTENT {
                text.push('.');
            }
            text.push_str(key);
        }
        text
    }
}

impl fmt::Display for FieldPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.entry)?;
        if self.keys.is_empty() { Ok(()) } else { write!(f, " {}", self.key_path()) }
    }
}

impl FromStr for FieldPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("`{text}` is not a place: expected `POST /v3/… response.member[]`");
        let mut words = text.split_whitespace();
        let (Some(kind), Some(name), Some(keys), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(expected());
        };
        let method = Method::ALL.into_iter().find(|method| method.wire() == kind);
        let entry = match (kind, method) {
            (_, Some(method)) => EntryName::Operation(method, name.to_owned()),
            ("notification", _) => EntryName::Notification(name.to_owned()),
            ("type", _) => EntryName::Type(TypeId::parse(name).ok_or_else(expected)?),
            _ => return Err(expected()),
        };
        let spaced = keys.replace(ELEMENT, ".[]").replace(CONTENT, ".{}");
        Ok(Self { entry, keys: spaced.split('.').map(str::to_owned).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::FieldPlace;

    #[test]
    fn a_displayed_place_is_parsed_back() {
        for text in [
            "POST /v3/pay/{id} response",
            "GET /v3/a query.partner{}.x",
            "notification pay/transaction resource.promotion_detail[].goods_detail[]",
            "type pay/Transaction amount",
        ] {
            let place = text.parse::<FieldPlace>();
            assert_eq!(place.map(|place| place.to_string()), Ok(text.to_owned()));
        }
        assert!("POST /v3/pay".parse::<FieldPlace>().is_err());
        assert!("SEND /v3/pay request".parse::<FieldPlace>().is_err());
    }
}
