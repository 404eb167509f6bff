use std::fmt;
use std::str::FromStr;

use crate::model::{Method, TypeId};

/// A place in the descriptors where a type stands: `POST /v3/payscore/serviceorder response.collection`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Place {
    pub(super) owner: Owner,
    /// `response`, then the members on the way; `[]` is a list's element, `{}` a JSON text's content.
    pub(super) keys: Vec<String>,
}

/// The entry of the descriptors that holds a place.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Owner {
    Operation(Method, String),
    Notification(String),
    Type(TypeId),
}

pub(super) const ELEMENT: &str = "[]";
pub(super) const CONTENT: &str = "{}";

impl Place {
    pub(super) fn child(&self, key: &str) -> Self {
        let mut child = self.clone();
        child.keys.push(key.to_owned());
        child
    }

    pub(super) fn depth(&self) -> usize {
        self.keys.len()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            Owner::Operation(method, path) => write!(f, "{} {path} ", method.wire())?,
            Owner::Notification(place) => write!(f, "notification {place} ")?,
            Owner::Type(id) => write!(f, "type {}/{} ", id.family, id.name)?,
        }
        for (at, key) in self.keys.iter().enumerate() {
            let joint = if at == 0 || key == ELEMENT || key == CONTENT { "" } else { "." };
            write!(f, "{joint}{key}")?;
        }
        Ok(())
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("`{text}` is no place: expected `POST /v3/… response.member[]`");
        let mut words = text.split_whitespace();
        let (Some(kind), Some(name), Some(keys), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(expected());
        };
        let method = Method::ALL.into_iter().find(|method| method.wire() == kind);
        let owner = match (kind, method) {
            (_, Some(method)) => Owner::Operation(method, name.to_owned()),
            ("notification", _) => Owner::Notification(name.to_owned()),
            ("type", _) => Owner::Type(TypeId::parse(name).ok_or_else(expected)?),
            _ => return Err(expected()),
        };
        let spaced = keys.replace(ELEMENT, ".[]").replace(CONTENT, ".{}");
        Ok(Self { owner, keys: spaced.split('.').map(str::to_owned).collect() })
    }
}

impl TypeId {
    /// `pay/Transaction`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (family, name) = text.split_once('/')?;
        Some(Self { family: family.to_owned(), name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_reads_as_it_shows() {
        for text in [
            "POST /v3/pay/{id} response",
            "GET /v3/a query.partner{}.x",
            "notification pay/transaction resource.promotion_detail[].goods_detail[]",
            "type pay/Transaction amount",
        ] {
            assert_eq!(text.parse::<Place>().map(|place| place.to_string()), Ok(text.to_owned()));
        }
        assert!("POST /v3/pay".parse::<Place>().is_err());
        assert!("SEND /v3/pay request".parse::<Place>().is_err());
    }
}
