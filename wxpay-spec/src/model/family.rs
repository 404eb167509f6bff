//! Product families, and the rule that finds the family of a path.

use std::collections::BTreeMap;

/// The name of the family of URLs that belong to no product. They are always compiled.
pub const CORE: &str = "core";

/// The families of `families.yaml`, and the rule for URLs that it does not name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Families {
    /// Families by name; the one named [`CORE`] holds the URLs that belong to no product.
    pub by_name: BTreeMap<String, Family>,
}

/// A product family: the URLs below some prefixes, behind one cargo feature of the same name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Family {
    /// The name of the product, in Chinese.
    pub title: String,
    /// The path prefixes, cut at segment boundaries. Its named types are below the first one.
    pub paths: Vec<String>,
    /// Event types that WeChat Pay sends without documenting their resource.
    pub events: Vec<String>,
    /// Whether the family's feature is on by default.
    pub default: bool,
}

impl Families {
    /// Returns the family of a path: the one with the longest matching prefix.
    ///
    /// Without one, the family is the first segment after a leading `v3` (`/v3/payscore/…` is
    /// `payscore`), else the first segment (`/hk/v3/…` is `hk`).
    #[must_use]
    pub fn of_path(&self, path: &str) -> String {
        let listed = self
            .by_name
            .iter()
            .flat_map(|(name, family)| family.paths.iter().map(move |prefix| (prefix, name)))
            .filter(|(prefix, _)| is_below(path, prefix))
            .max_by_key(|(prefix, _)| prefix.len());
        match listed {
            Some((_, name)) => name.clone(),
            None => by_rule(path),
        }
    }

    /// Returns the path of a family's named types: its first prefix, else `/v3/<name>`.
    /// For [`CORE`] it is `/v3`.
    #[must_use]
    pub fn types_path(&self, family: &str) -> String {
        if family == CORE {
            return "/v3".to_owned();
        }
        let listed = self.by_name.get(family).and_then(|entry| entry.paths.first());
        match listed {
            Some(prefix) => prefix.clone(),
            None => format!("/v3/{family}"),
        }
    }
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn by_rule(path: &str) -> String {
    let mut segments = path.split('/').filter(|text| !text.is_empty());
    match (segments.next(), segments.next()) {
        (Some("v3"), Some(second)) => second.to_owned(),
        (Some(first), _) => first.to_owned(),
        (None, _) => CORE.to_owned(),
    }
}
