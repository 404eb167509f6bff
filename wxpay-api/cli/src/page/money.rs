//! The money that moved.

use askama::Template;

use super::BASE;
use super::amount::{time, yuan};
use super::control_data::{MoneyEntry, MoneyList};
use super::kinds::Kinds;
use super::language::PageLanguage;
use super::layout::{Layout, Section};
use super::paging::{PAGE, Paging};
use super::respond::{PageResult, html};
use super::visit::Visit;

/// A record of money as a row.
#[derive(Debug)]
struct MoneyRow {
    time: String,
    name: String,
    kind: String,
    yuan: String,
    fen: i64,
    owner: String,
    lifecycle: String,
    url: String,
}

#[derive(Template)]
#[template(path = "page/money.html")]
struct MoneyPage {
    layout: Layout,
    rows: Vec<MoneyRow>,
    paging: Paging,
}

pub(super) async fn list(visit: &Visit<'_>) -> PageResult {
    let skip = visit.number("skip", 0);
    let path = format!("/money?skip={skip}&limit={PAGE}");
    let MoneyList { entries, total } = visit.get(&path).await?;
    let kinds = Kinds::read(visit).await?;
    let rows =
        entries.iter().rev().map(|entry| MoneyRow::new(visit.language, &kinds, entry)).collect();
    let page = MoneyPage {
        layout: Layout::new(visit, Section::Money, visit.say("资金流水", "Money")).await,
        rows,
        paging: Paging::new(&format!("{BASE}/money"), &[], skip, total),
    };
    html(visit, &page)
}

impl MoneyRow {
    fn new(language: PageLanguage, kinds: &Kinds, entry: &MoneyEntry) -> Self {
        let chinese = match entry.kind.as_str() {
            "payment" => "收款",
            "refund" => "退款",
            "transfer" => "转账",
            "profit_sharing" => "分账",
            "profit_sharing_return" => "分账回退",
            "refund_closed" => "退款关闭，资金退回",
            other => other,
        };
        Self {
            time: time(&entry.time),
            name: language.say(chinese, &entry.kind.replace('_', " ")).to_owned(),
            kind: entry.kind.clone(),
            yuan: yuan(entry.amount),
            fen: entry.amount,
            owner: entry.owner.clone(),
            lifecycle: kinds.name(&entry.lifecycle),
            url: format!("{BASE}/resources/{}", entry.resource),
        }
    }
}
