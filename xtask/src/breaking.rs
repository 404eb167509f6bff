//! Compares two public faces of the generated code, and says what may stop a caller from compiling.

use std::collections::BTreeSet;

/// A sentence for each line of the public face that is gone or changed and breaks a caller.
///
/// A required field that turns optional breaks no caller who builds: its setter fits every stage of
/// the builder. Its type changes for a caller who reads or assigns it.
pub(crate) fn breaking(before: &str, after: &str) -> Vec<String> {
    let after: BTreeSet<&str> = after.lines().collect();
    let gone = before.lines().filter(|line| !after.contains(line));
    gone.filter_map(|line| sentence(line, &after)).collect()
}

fn sentence(line: &str, after: &BTreeSet<&str>) -> Option<String> {
    if let Some((owner, fields)) = line.split_once("::builder():") {
        let start = format!("{owner}::builder():");
        let new = after.iter().find_map(|line| line.strip_prefix(&start));
        if new.is_some_and(|new| only_turned_optional(owner, fields, new, after)) {
            return None;
        }
    }
    if let Some(field) = line.strip_suffix(", required")
        && after.contains(format!("{field}, optional").as_str())
    {
        return Some(format!(
            "breaking for code that reads or assigns it, not for building: {field}, optional"
        ));
    }
    if let Some((method, address)) = line.split_once("(request): ")
        && after.contains(format!("{method}(): {address}").as_str())
    {
        return Some(format!(
            "breaking, no input of {address} is required any more: write `closure: kept` into its descriptor, and callers compile on"
        ));
    }
    Some(format!("breaking, gone or changed: {line}"))
}

/// Whether the old order of required fields is the new one, with fields between that are optional now.
fn only_turned_optional(owner: &str, old: &str, new: &str, after: &BTreeSet<&str>) -> bool {
    let mut new = names(new).peekable();
    for name in names(old) {
        if new.peek() == Some(&name) {
            new.next();
        } else if !is_optional(owner, name, after) {
            return false;
        }
    }
    new.next().is_none()
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(", ").map(str::trim).filter(|name| !name.is_empty())
}

fn is_optional(owner: &str, name: &str, after: &BTreeSet<&str>) -> bool {
    let field = format!("{owner}.{name}: ");
    let mut from = after.range(field.as_str()..);
    from.next().is_some_and(|line| line.starts_with(&field) && line.ends_with(", optional"))
}

#[cfg(test)]
mod tests {
    use super::breaking;

    const BEFORE: &str = "\
v3::pay::Pay::post(request): POST /v3/pay
v3::pay::post::Request.a: String, required
v3::pay::post::Request.b: i64, required
v3::pay::post::Request.c: String, optional
v3::pay::post::Request::builder(): a, b
v3::pay::post::operation(request)
";

    #[test]
    fn a_field_that_turns_optional_breaks_only_its_readers() {
        let after = BEFORE.replace("a: String, required", "a: String, optional");
        let after = after.replace("builder(): a, b", "builder(): b");
        assert_eq!(
            breaking(BEFORE, &after),
            [
                "breaking for code that reads or assigns it, not for building: v3::pay::post::Request.a: String, optional"
            ]
        );
    }

    #[test]
    fn another_order_and_another_required_field_break_who_builds() {
        for (other, fields) in [("b, a", ""), ("a, c, b", "c: String, required"), ("b", "")] {
            let after = BEFORE.replace("builder(): a, b", &format!("builder(): {other}"));
            let after = match fields {
                "" => after,
                field => after.replace("c: String, optional", field),
            };
            let told = breaking(BEFORE, &after);
            let builder = "breaking, gone or changed: v3::pay::post::Request::builder(): a, b";
            assert!(told.contains(&builder.to_owned()), "{other}: {told:?}");
        }
    }

    #[test]
    fn a_call_without_required_inputs_asks_for_the_kept_closure() {
        let after =
            BEFORE.replace(", required", ", optional").replace("builder(): a, b", "builder():");
        let lost = after.replace("(request)", "()");
        let told = breaking(BEFORE, &lost);
        assert!(told[0].contains("`closure: kept`"), "{told:?}");
        assert!(told.iter().all(|line| !line.contains("builder")), "{told:?}");
        let told = breaking(BEFORE, &after);
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|line| line.contains("not for building")), "{told:?}");
    }
}
