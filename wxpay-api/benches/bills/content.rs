//! The content of a bill of any length: one block of rows, repeated between the names and the summary.
//!
//! The block is packed once and repeated in its packed form, so that the server is faster than any client.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use crate::Failure;
use crate::arguments::Kind;

/// The length of a block in bytes, about: much longer than the window of gzip.
const BLOCK: usize = 4 << 20;

const TRADE_NAMES: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,\
交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,\
商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";
const TRADE_SUMMARY: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n";
const FUND_FLOW_NAMES: &str = "\u{feff}记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),\
资金变更提交申请人,备注,业务凭证号\r\n";
const FUND_FLOW_SUMMARY: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n";

/// The plain text of a bill.
pub(crate) struct Content {
    names: Vec<u8>,
    block: Vec<u8>,
    repeats: u64,
    summary: Vec<u8>,
    rows: u64,
}

/// A file in pieces: the first, the one in the middle with its number, and the last.
pub(crate) struct Pieces {
    pub(crate) first: Vec<u8>,
    pub(crate) block: Vec<u8>,
    pub(crate) repeats: u64,
    pub(crate) last: Vec<u8>,
}

impl Content {
    /// Makes a bill whose plain text is about so long.
    pub(crate) fn new(kind: Kind, megabytes: u64) -> Self {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut block = String::with_capacity(BLOCK + 1024);
        let mut rows = 0;
        while block.len() < BLOCK {
            block.push_str(&match kind {
                Kind::Trade => trade_row(&mut numbers),
                Kind::FundFlow => fund_flow_row(&mut numbers),
            });
            rows += 1;
        }
        let repeats = ((megabytes << 20) / block.len() as u64).max(1);
        let rows = rows * repeats;
        let (names, summary) = match kind {
            Kind::Trade => (
                TRADE_NAMES,
                format!("{TRADE_SUMMARY}`{rows},`1.00,`0.00,`0.00,`0.01,`1.00,`0.00\r\n"),
            ),
            Kind::FundFlow => {
                (FUND_FLOW_NAMES, format!("{FUND_FLOW_SUMMARY}`{rows},`{rows},`1.00,`0,`0.00\r\n"))
            }
        };
        let (names, summary) = (names.as_bytes().to_vec(), summary.into_bytes());
        Self { names, block: block.into_bytes(), repeats, summary, rows }
    }

    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// The length of the plain text in bytes.
    pub(crate) fn length(&self) -> u64 {
        let ends = self.names.len() + self.summary.len();
        ends as u64 + self.block.len() as u64 * self.repeats
    }

    /// The SHA-1 of the plain text, in hex.
    pub(crate) fn sha1(&self) -> String {
        let mut digest = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
        digest.update(&self.names);
        (0..self.repeats).for_each(|_| digest.update(&self.block));
        digest.update(&self.summary);
        digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn plain(self) -> Pieces {
        let Self { names: first, block, repeats, summary: last, .. } = self;
        Pieces { first, block, repeats, last }
    }

    /// Packs the bill as one gzip member. Each piece is packed without reference to those before it.
    pub(crate) fn gzip(&self) -> Result<Pieces, Failure> {
        let mut crc = Crc::new();
        crc.update(&self.names);
        let mut of_block = Crc::new();
        of_block.update(&self.block);
        (0..self.repeats).for_each(|_| crc.combine(&of_block));
        let mut of_summary = Crc::new();
        of_summary.update(&self.summary);
        crc.combine(&of_summary);
        let mut first = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        first.extend(deflate(&self.names, FlushCompress::Full)?);
        let block = deflate(&self.block, FlushCompress::Full)?;
        let mut last = deflate(&self.summary, FlushCompress::Finish)?;
        last.extend(crc.sum().to_le_bytes());
        last.extend(crc.amount().to_le_bytes());
        Ok(Pieces { first, block, repeats: self.repeats, last })
    }
}

impl Pieces {
    pub(crate) fn length(&self) -> u64 {
        let ends = self.first.len() + self.last.len();
        ends as u64 + self.block.len() as u64 * self.repeats
    }

    /// Calls `write` with all pieces, each of at most 64 KiB.
    pub(crate) fn each(
        &self,
        mut write: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut all = |piece: &[u8]| piece.chunks(64 << 10).try_for_each(&mut write);
        all(&self.first)?;
        (0..self.repeats).try_for_each(|_| all(&self.block))?;
        all(&self.last)
    }
}

fn deflate(text: &[u8], flush: FlushCompress) -> Result<Vec<u8>, Failure> {
    let mut packed = Vec::with_capacity(text.len() + 1024);
    match Compress::new(Compression::default(), false).compress_vec(text, &mut packed, flush)? {
        Status::BufError => Err("the packed text has no room".into()),
        _ => Ok(packed),
    }
}

fn trade_row(numbers: &mut Numbers) -> String {
    let (id, order, user) = (numbers.next(), numbers.next(), numbers.next());
    let (fen, second) = (1 + numbers.below(99_999), numbers.below(86_400));
    let (yuan, fee) = (format!("{}.{:02}", fen / 100, fen % 100), fen * 6);
    format!(
        "`{},`wxd678efh567hg6787,`1900000109,`0,`till-{},`4200002500202503{id:016},`ORDER-{order:016x},\
         `oUpF8uMu{user:020},`JSAPI,`SUCCESS,`OTHERS,`CNY,`{yuan},`0.00,`0,`0,`0.00,`0.00,`,`,`QQ公仔 第{}号,\
         `table={},`{}.{:05},`0.60%,`{yuan},`0.00,`\r\n",
        time(second),
        numbers.below(20),
        numbers.below(500),
        numbers.below(99),
        fee / 100_000,
        fee % 100_000,
    )
}

fn fund_flow_row(numbers: &mut Numbers) -> String {
    let (id, flow) = (numbers.next(), numbers.next());
    let (fen, second) = (1 + numbers.below(99_999), numbers.below(86_400));
    let yuan = format!("{}.{:02}", fen / 100, fen % 100);
    format!(
        "`{},`4200002500202503{id:016},`{flow:020},`交易,`交易,`收入,`{yuan},`{}.{:02},`system,\
         `结算总金额 {yuan} 元;含手续费 0.01 元,`4200002500202503{id:016}\r\n",
        time(second),
        numbers.below(1_000_000),
        numbers.below(100),
    )
}

fn time(second: u64) -> String {
    format!("2025-03-01 {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// Numbers that look random, and are the same in every process (xorshift).
struct Numbers(u64);

impl Numbers {
    /// Returns a number of at most 16 digits.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % 10_000_000_000_000_000
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
