use crate::cursor::Cursor;
use crate::model::{CORE, Families, Family};

/// `families.yaml`.
pub(crate) fn families(at: &Cursor<'_>) -> Families {
    let by_name =
        at.entries().map(|(name, entry)| (name.to_owned(), family(name, &entry))).collect();
    Families { by_name }
}

fn family(name: &str, at: &Cursor<'_>) -> Family {
    let default = at.get("default").and_then(|flag| flag.flag()).unwrap_or_default();
    if let Some(flag) = at.get("default").filter(|_| name == CORE) {
        let help = "leave it out: the core is always compiled in";
        flag.key_error("`core` has no feature", Some(help.to_owned()));
    }
    let mut paths = at.texts_of("paths");
    if paths.is_empty() && name != CORE {
        paths.push(format!("/v3/{name}"));
    }
    let title = at.text_of("title").unwrap_or_default();
    Family { title, paths, events: at.texts_of("events"), default }
}
