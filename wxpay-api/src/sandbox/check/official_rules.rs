//! Rules of official pages that the descriptors do not state: numbers, counts, and reports of transfer scenes.
//!
//! Only what an official page, or a real response of the service, refuses is refused here.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::values::ValueChecker;
use crate::sandbox::book::BookOperation;
use crate::sandbox::refusal::Location;

/// A rule of the member of a request.
enum Rule {
    /// The least and the most characters of a number, and the characters it may have besides letters and digits.
    Number { least: usize, most: usize, marks: &'static str },
    /// The least and the most characters of a text.
    Length { least: usize, most: usize },
    /// The most elements of a list.
    Elements(usize),
    /// The `name`s of a list's elements are unique.
    UniqueNames,
}

/// The beginning of the paths of some operations, another part of them, a member of their bodies, and its rule.
const RULES: [(&str, &str, &str, Rule); 12] = {
    use Rule::{Elements, Length, Number, UniqueNames};
    const ORDER: Rule = Number { least: 6, most: 32, marks: "_-|*" };
    const REFUND: Rule = Number { least: 1, most: 64, marks: "_-|*@" };
    const TRANSFER: Rule = Number { least: 1, most: 32, marks: "" };
    const PAYSCORE: &str = "/v3/payscore/";
    const SERVICE: &str = "/serviceorder";
    [
        ("/v3/pay/transactions/", "", "out_trade_no", ORDER),
        ("/v3/pay/partner/transactions/", "", "out_trade_no", ORDER),
        ("/v3/combine-transactions/", "", "combine_out_trade_no", Length { least: 6, most: 32 }),
        ("/v3/refund/", "", "out_refund_no", REFUND),
        ("/v3/ecommerce/refunds/", "", "out_refund_no", REFUND),
        ("/v3/fund-app/mch-transfer/transfer-bills", "", "out_bill_no", TRANSFER),
        (PAYSCORE, SERVICE, "service_introduction", Length { least: 0, most: 20 }),
        (PAYSCORE, "/cancel", "reason", Length { least: 0, most: 50 }),
        (PAYSCORE, SERVICE, "post_payments", Elements(100)),
        (PAYSCORE, SERVICE, "post_payments", UniqueNames),
        (PAYSCORE, SERVICE, "post_discounts", Elements(30)),
        (PAYSCORE, SERVICE, "post_discounts", UniqueNames),
    ]
};

/// The reports that a transfer scene wants. WeChat Pay's wishes for other scenes are unknown.
const SCENE_REPORTS: [(&str, [&str; 2]); 2] =
    [("1000", ["活动名称", "奖励说明"]), ("1005", ["岗位类型", "报酬说明"])];

/// Checks the values of a request's body. `values` has all values of the request by name.
pub(super) fn check(
    checker: &mut ValueChecker<'_>,
    operation: &BookOperation,
    values: &Map<String, Value>,
) {
    if operation.body.is_none() {
        return;
    }
    // A path's own parameters are only looked up, and an unknown number is not found.
    let is_in_body = |name: &str| !operation.parameters.iter().any(|member| member.name == name);
    for (prefix, part, name, rule) in &RULES {
        let path = &operation.path;
        if !path.starts_with(prefix) || !path.contains(part) || !is_in_body(name) {
            continue;
        }
        if let Some(issue) = values.get(*name).and_then(|value| rule.problem(value)) {
            checker.problem(Location::Body, *name, issue);
        }
    }
    scene_reports(checker, values);
}

impl Rule {
    fn problem(&self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Number { least, most, marks }, Value::String(text)) => {
                let allowed = |it: char| it.is_ascii_alphanumeric() || marks.contains(it);
                if !text.chars().all(allowed) {
                    return Some(format!("may have only letters, digits and any of `{marks}`"));
                }
                length(text, *least, *most)
            }
            (Self::Length { least, most }, Value::String(text)) => length(text, *least, *most),
            (Self::Elements(most), Value::Array(list)) if list.len() > *most => {
                Some(format!("must have at most {most} elements, not {}", list.len()))
            }
            (Self::UniqueNames, Value::Array(list)) => {
                let mut names = BTreeSet::new();
                let mut named = list.iter().filter_map(|item| item.get("name")?.as_str());
                named.any(|name| !names.insert(name)).then(|| "has a name twice".to_owned())
            }
            _ => None,
        }
    }
}

fn length(text: &str, least: usize, most: usize) -> Option<String> {
    let length = text.chars().count();
    let fits = (least..=most).contains(&length);
    (!fits).then(|| format!("must have {least} to {most} characters, not {length}"))
}

/// Checks that a transfer has the reports of its scene.
fn scene_reports(checker: &mut ValueChecker<'_>, values: &Map<String, Value>) {
    const REPORTS: &str = "transfer_scene_report_infos";
    let (Some(scene), Some(reports)) = (
        values.get("transfer_scene_id").and_then(Value::as_str),
        values.get(REPORTS).and_then(Value::as_array),
    ) else {
        return;
    };
    let Some((_, wanted)) = SCENE_REPORTS.iter().find(|(id, _)| *id == scene) else {
        return;
    };
    let is_there = |kind: &str| {
        reports.iter().any(|report| report.get("info_type").and_then(Value::as_str) == Some(kind))
    };
    for missing in wanted.iter().filter(|kind| !is_there(kind)) {
        let issue =
            format!("must report `{missing}` in scene {scene} (需传入转账场景报备信息，请检查)");
        checker.problem(Location::Body, REPORTS, issue);
    }
}
