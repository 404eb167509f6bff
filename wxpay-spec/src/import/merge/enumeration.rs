use super::choice::choose;
use super::session::Session;
use crate::model::EnumValue;

/// All values, the present ones first as they stand; labels from the facts, Rust names from people.
pub(in crate::import) fn values(have: &[EnumValue], facts: &[&[EnumValue]]) -> Vec<EnumValue> {
    let mut values: Vec<EnumValue> = have.to_vec();
    for list in facts {
        let mut behind = 0;
        for value in *list {
            match values.iter().position(|known| known.wire == value.wire) {
                Some(at) => behind = at + 1,
                None => {
                    values.insert(behind.min(values.len()), value.clone());
                    behind += 1;
                }
            }
        }
    }
    for value in &mut values {
        let given: Vec<&EnumValue> =
            facts.iter().flat_map(|list| list.iter()).filter(|v| v.wire == value.wire).collect();
        let titles: Vec<String> = given.iter().filter_map(|value| value.title.clone()).collect();
        value.title = choose(value.title.as_ref(), &titles);
        let rust = given.iter().find_map(|value| value.rust.clone());
        value.rust = value.rust.take().or(rust);
    }
    values
}

/// Remarks the values that no fact has, if the facts are all there are.
pub(super) fn remark_missing(have: &[EnumValue], facts: &[&[EnumValue]], session: &mut Session) {
    if facts.is_empty() || session.is_partial {
        return;
    }
    let is_there =
        |wire: &str| facts.iter().any(|list| list.iter().any(|value| value.wire == wire));
    for EnumValue { wire, .. } in have.iter().filter(|value| !is_there(&value.wire)) {
        session.remark(format!(
            "the import does not have the value `{wire}`: take it out, or say why with `corrects`"
        ));
    }
}
