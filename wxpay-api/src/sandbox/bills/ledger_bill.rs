//! Bills of what happened in the sandbox: which one a request asks for, and whether WeChat Pay would have it.

use http::StatusCode;

use super::fund_flow_bill::{FundAccount, LedgerFundFlowBill, Whose};
use super::movement::movements;
use super::trade_bill::{LedgerTradeBill, TradeForm};
use crate::sandbox::check::RequestValues;
use crate::sandbox::lifecycle::describe::model::TimeForm;
use crate::sandbox::lifecycle::world::{LedgerView, Moment};
use crate::sandbox::refusal::Refusal;

// Hours after the beginning of a bill's day, in seconds: 9:00 and 10:00 of the next day.
const MADE: u64 = 33 * 3600;
const AVAILABLE: u64 = 34 * 3600;
const MONTHS_KEPT: u32 = 3;

/// A bill that a request asks for.
#[derive(Debug)]
pub(in crate::sandbox) struct LedgerBill {
    kind: LedgerBillKind,
    /// The merchant that asks.
    mchid: String,
    sub_mchid: Option<String>,
    date: String,
}

#[derive(Clone, Copy, Debug)]
enum LedgerBillKind {
    /// `None` for a type of which the sandbox never has rows.
    Trade(Option<TradeForm>),
    FundFlow(FundAccount),
    FundFlowOfSubMerchants,
}

impl LedgerBill {
    /// Returns the bill that a request asks for; `None` for other bills and for operations without a bill.
    pub(in crate::sandbox) fn requested(
        path: &str,
        mchid: &str,
        values: &RequestValues,
    ) -> Option<Self> {
        let kind = match path {
            "/v3/bill/tradebill" => LedgerBillKind::Trade(match values.text("bill_type") {
                Some("SUCCESS" | "SUC_SPECIAL") => Some(TradeForm::Success),
                Some("REFUND" | "REF_SPECIAL") => Some(TradeForm::Refund),
                // Refunds of coupons that the merchant paid for in advance.
                Some("RECHARGE_REFUND") => None,
                _ => Some(TradeForm::All),
            }),
            "/v3/bill/fundflowbill" | "/v3/bill/sub-merchant-fundflowbill" => {
                LedgerBillKind::FundFlow(match values.text("account_type") {
                    None | Some("BASIC") => FundAccount::Basic,
                    Some("OPERATION") => FundAccount::Operation,
                    Some(_) => FundAccount::Unused,
                })
            }
            "/v3/ecommerce/bill/fundflowbill" => LedgerBillKind::FundFlowOfSubMerchants,
            _ => return None,
        };
        let text = |name| values.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let (sub_mchid, date) = (text("sub_mchid"), text("bill_date").unwrap_or_default());
        Some(Self { kind, mchid: mchid.to_owned(), sub_mchid, date })
    }

    /// Writes the bill.
    ///
    /// Refuses as WeChat Pay does: another's sub-merchant, a day that is none or too long ago, a bill that is not made
    /// yet, and a day without movements.
    pub(in crate::sandbox) fn write(&self, ledger: LedgerView<'_>) -> Result<String, Refusal> {
        if let Some(sub_mchid) = &self.sub_mchid
            && !ledger.has_sub_merchant(&self.mchid, sub_mchid)
        {
            let message = "子商户号与商户号无受理关系";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "NO_AUTH", message));
        }
        let begin = self.begin(ledger.now)?;
        let all = movements(ledger);
        let (date, sub_mchid) = (self.date.as_str(), self.sub_mchid.as_deref());
        let text = match self.kind {
            LedgerBillKind::Trade(form) => form.and_then(|form| {
                let made = begin.plus_seconds(MADE);
                LedgerTradeBill { form, date, mchid: &self.mchid, sub_mchid, made }
                    .write(ledger, &all)
            }),
            LedgerBillKind::FundFlow(account) => {
                let whose = Whose::Merchant(sub_mchid.unwrap_or(&self.mchid));
                LedgerFundFlowBill { date, whose, account }.write(&all)
            }
            LedgerBillKind::FundFlowOfSubMerchants => {
                let whose = Whose::SubMerchantsOf(&self.mchid);
                LedgerFundFlowBill { date, whose, account: FundAccount::Basic }.write(&all)
            }
        };
        text.ok_or_else(no_statement)
    }

    /// Returns the beginning of the day in Beijing, if its bill is there.
    fn begin(&self, now: Moment) -> Result<Moment, Refusal> {
        let begin = Moment::read_text(&self.date);
        // Other forms of a day are no bill's.
        let begin = begin.filter(|begin| begin.write(TimeForm::Date) == self.date.as_str());
        let invalid = |message| Refusal::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message);
        let begin = begin.ok_or_else(|| invalid("账单日期格式不正确，应为 yyyy-MM-dd"))?;
        let today = now.write(TimeForm::Date);
        let oldest = today.as_str().and_then(oldest).unwrap_or_default();
        match &self.date {
            date if today.as_str().is_some_and(|today| date.as_str() > today) => {
                Err(no_statement())
            }
            date if *date < oldest => Err(invalid("账单日期超过3个月，不支持下载")),
            _ if now < begin.plus_seconds(AVAILABLE) => {
                let code = "STATEMENT_CREATING";
                Err(Refusal::new(StatusCode::BAD_REQUEST, code, "账单生成中"))
            }
            _ => Ok(begin),
        }
    }
}

/// Returns the oldest day whose bill is kept on a day: the same day three months ago. A month may be too short for it;
/// the text is only compared.
fn oldest(today: &str) -> Option<String> {
    let mut parts = today.splitn(3, '-');
    let year: u32 = parts.next()?.parse().ok()?;
    let month: u32 = parts.next()?.parse().ok()?;
    let months = (year * 12 + month - 1).checked_sub(MONTHS_KEPT)?;
    Some(format!("{:04}-{:02}-{}", months / 12, months % 12 + 1, parts.next()?))
}

fn no_statement() -> Refusal {
    let message = "请求的账单文件不存在";
    Refusal::new(StatusCode::BAD_REQUEST, "NO_STATEMENT_EXIST", message)
}

#[cfg(test)]
mod tests {
    use super::oldest;

    #[test]
    fn bills_are_kept_for_three_months() {
        for (today, expected) in [
            ("2026-11-30", "2026-08-30"),
            ("2026-03-01", "2025-12-01"),
            ("2026-01-15", "2025-10-15"),
            // February has no such day; its last one is older.
            ("2026-05-31", "2026-02-31"),
        ] {
            assert_eq!(oldest(today).as_deref(), Some(expected));
        }
    }
}
