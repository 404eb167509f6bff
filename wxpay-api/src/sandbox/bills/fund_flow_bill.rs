//! The fund-flow bill (资金账单): a row for each movement of an account's money, with the balance after it.

use std::collections::HashMap;

use super::movement::{Movement, MovementKind};
use super::table::{BillText, Yuan};

/// What the operation account (运营账户) holds before its first movement, in fen: transfers need money in it.
const OPERATION_OPENING: i64 = 100_000_000;

/// The account of a merchant that a bill is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum FundAccount {
    Basic,
    Operation,
    /// The others have no movements here: 手续费账户 and 保证金账户.
    Unused,
}

/// What a fund-flow bill is to hold.
#[derive(Debug)]
pub(super) struct LedgerFundFlowBill<'a> {
    pub(super) date: &'a str,
    pub(super) whose: Whose<'a>,
    pub(super) account: FundAccount,
}

/// Whose money a fund-flow bill is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose<'a> {
    Merchant(&'a str),
    /// All sub-merchants of a platform (二级商户资金账单).
    SubMerchantsOf(&'a str),
}

/// One row before the balance is known.
#[derive(Clone, Copy, Debug)]
struct FlowRow {
    name: &'static str,
    kind: &'static str,
    /// Positive for income, in fen.
    fen: i64,
}

/// Counts and sums in fen.
#[derive(Clone, Copy, Debug, Default)]
struct FlowTotals {
    income: (u64, i64),
    expense: (u64, i64),
}

const NAMES: [&str; 11] = [
    "记账时间",
    "微信支付业务单号",
    "资金流水单号",
    "业务名称",
    "业务类型",
    "收支类型",
    "收支金额(元)",
    "账户结余(元)",
    "资金变更提交申请人",
    "备注",
    "业务凭证号",
];

/// The column that tells the sub-merchants of a platform apart. No page says where it stands, so it is the last.
const SUB_MERCHANT: &str = "二级商户号";

impl LedgerFundFlowBill<'_> {
    /// Writes the bill; `None` if it would have no row.
    pub(super) fn write(&self, all: &[Movement<'_>]) -> Option<String> {
        let names_sub_merchants = matches!(self.whose, Whose::SubMerchantsOf(_));
        let mut names = NAMES.to_vec();
        names.extend(names_sub_merchants.then_some(SUB_MERCHANT));
        let mut text = BillText::new(&names);
        let mut totals = FlowTotals::default();
        let mut balances = HashMap::new();
        for movement in all.iter().copied() {
            let Some(mchid) = self.mchid(movement) else { continue };
            for (index, flow) in self.flows(movement, mchid).into_iter().enumerate() {
                let balance = balances.entry(mchid).or_insert_with(|| self.account.opening());
                *balance = i64::saturating_add(*balance, flow.fen);
                if movement.is_on(self.date) {
                    let mut row = row(movement, mchid, index, flow, *balance);
                    row.extend(names_sub_merchants.then(|| mchid.to_owned()));
                    text.row(&row);
                    totals.add(flow);
                }
            }
        }
        let rows = totals.income.0 + totals.expense.0;
        (rows > 0).then(|| text.summary(&totals.summary(rows)))
    }

    /// Returns the merchant that the bill sees a movement with.
    fn mchid<'m>(&'m self, movement: Movement<'m>) -> Option<&'m str> {
        match self.whose {
            Whose::Merchant(mchid) => Some(mchid),
            Whose::SubMerchantsOf(platform) => {
                let is_own = [movement.entry.owner.as_str(), movement.mchid()].contains(&platform);
                Some(movement.sub_mchid()).filter(|sub_mchid| is_own && !sub_mchid.is_empty())
            }
        }
    }

    /// Returns what a movement does to the account of a merchant.
    fn flows(&self, movement: Movement<'_>, mchid: &str) -> Vec<FlowRow> {
        let Movement { kind, entry, fee } = movement;
        let amount = entry.amount;
        let is_transfer = kind == MovementKind::Transfer;
        let account = if is_transfer { FundAccount::Operation } else { FundAccount::Basic };
        let is_own = movement.account() == mchid;
        // The other merchant of profit sharing: who receives it, or who returns it.
        let is_other = movement.own(&["/account", "/return_mchid"]) == mchid;
        if self.account != account {
            return Vec::new();
        }
        let flow = |name, kind, fen| FlowRow { name, kind, fen };
        let fees = match fee {
            0 => None,
            fee if fee > 0 => Some(flow("扣除交易手续费", "扣除交易手续费", fee.saturating_neg())),
            fee => Some(flow("退回交易手续费", "退回交易手续费", fee.saturating_neg())),
        };
        let shared = match kind {
            MovementKind::ProfitSharing => flow("分账", "分账", amount.saturating_neg()),
            MovementKind::ProfitSharingReturn => flow("分账回退", "分账回退", amount),
            _ if !is_own => return Vec::new(),
            MovementKind::Payment => {
                return [flow("交易", "交易", amount)].into_iter().chain(fees).collect();
            }
            MovementKind::Refund | MovementKind::Reversal => {
                // The fee comes back first, so that the balance suffices.
                return fees
                    .into_iter()
                    .chain([flow("退款", "退款", amount.saturating_neg())])
                    .collect();
            }
            MovementKind::RefundClosed => {
                return [flow("退款关闭", "退款", amount)].into_iter().chain(fees).collect();
            }
            MovementKind::Transfer => {
                return vec![flow("商家转账", "商家转账", amount.saturating_neg())];
            }
        };
        match (is_own, is_other) {
            // What is unfrozen stays with the merchant.
            (true, true) | (false, false) => Vec::new(),
            (true, false) => vec![shared],
            (false, true) => vec![FlowRow { fen: shared.fen.saturating_neg(), ..shared }],
        }
    }
}

impl FundAccount {
    fn opening(self) -> i64 {
        if self == Self::Operation { OPERATION_OPENING } else { 0 }
    }
}

fn row(
    movement: Movement<'_>,
    mchid: &str,
    index: usize,
    flow: FlowRow,
    balance: i64,
) -> Vec<String> {
    let Movement { kind, entry, .. } = movement;
    let day: String = entry.time.chars().take(10).filter(char::is_ascii_digit).collect();
    // One resource moves money of one kind once.
    let flow_id = format!("{mchid}{day}{:09}{}{index}", entry.resource, kind as u8);
    let own = |pointers: &[&str]| movement.own(pointers).to_owned();
    let by_interface = !matches!(kind, MovementKind::Payment | MovementKind::RefundClosed);
    vec![
        movement.time(),
        own(&["/refund_id", "/transfer_bill_no", "/return_id", "/detail_id", "/transaction_id"]),
        flow_id,
        flow.name.to_owned(),
        flow.kind.to_owned(),
        if flow.fen < 0 { "支出" } else { "收入" }.to_owned(),
        Yuan(flow.fen.saturating_abs()).to_string(),
        Yuan(balance).to_string(),
        if by_interface { format!("{}API", movement.mchid()) } else { "system".to_owned() },
        own(&["/reason", "/transfer_remark"]),
        match own(&["/out_refund_no", "/out_bill_no", "/out_return_no", "/out_trade_no"]) {
            number if number.is_empty() => movement.of_whole(&["/out_order_no"]).to_owned(),
            number => number,
        },
    ]
}

impl FlowTotals {
    fn add(&mut self, flow: FlowRow) {
        let (count, sum) = if flow.fen < 0 { &mut self.expense } else { &mut self.income };
        *count += 1;
        *sum = sum.saturating_add(flow.fen.saturating_abs());
    }

    fn summary(self, rows: u64) -> [(&'static str, String); 5] {
        let Self { income, expense } = self;
        [
            ("资金流水总笔数", rows.to_string()),
            ("收入笔数", income.0.to_string()),
            ("收入金额", Yuan(income.1).to_string()),
            ("支出笔数", expense.0.to_string()),
            ("支出金额", Yuan(expense.1).to_string()),
        ]
    }
}
