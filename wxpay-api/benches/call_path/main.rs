//! Measures each step of a call beside the bare primitive of aws-lc-rs, and decoding beside serde.
//!
//! `cargo bench -p wxpay-api --bench call_path` prints the table of `docs/benchmarks.md`.

mod derived;
mod keys;
mod notification;
mod turns;

use std::error::Error;
use std::hint::black_box;
use std::time::SystemTime;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use wxpay_api::protocol::{Scheme, SignedHeaders, verify};
use wxpay_api::v3::pay::transactions::jsapi::post;
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{ApiV3Key, Core, Json, Merchant, Operation as _, WechatPayKeys, decode};

use keys::Pair;
use turns::{Row, compare};

type Failure = Box<dyn Error + Send + Sync>;

/// The response of a query, as the end-to-end measurement has it.
const TRANSACTION: &str = include_str!("../peers/src/transaction.json");
const APIV3_KEY: &str = "0123456789abcdef0123456789abcdef";
const MERCHANT: &str = "1900000001";
const SERIAL: &str = "444F4864EA9B34415A7C3E5F2B9D01A8C6E0F713";
/// The promotions and the goods of what is long.
const MANY: usize = 100;

fn main() -> Result<(), Failure> {
    let (merchant, wechatpay) = (Pair::generate()?, Pair::generate()?);
    let core = Core::new(
        Merchant::from_private_key(MERCHANT, SERIAL, merchant.private_pem()?)?,
        WechatPayKeys::new().with_public_key(keys::PUBLIC_KEY_ID, wechatpay.public_pem()?)?,
    )?;
    let core = core.with_apiv3_key(ApiV3Key::new(APIV3_KEY)?);
    let mut rows = vec![sign(&core, &merchant)?, check(&core, &wechatpay)?];
    rows.extend(notification::rows(&core, &wechatpay)?);
    rows.push(encrypt(&core, &wechatpay)?);
    rows.push(encode()?);
    rows.extend(decoding("a transaction of 1.5 KB", TRANSACTION)?);
    rows.extend(decoding("the same with 100 promotions", &long_transaction()?)?);
    println!("| | ours | beside | takes | ratio | bar |");
    println!("|---|--:|---|--:|--:|--:|");
    rows.iter().for_each(Row::print);
    Ok(())
}

/// Keeps the optimizer from leaving out what made the value.
fn used<T>(value: T) {
    drop(black_box(value));
}

fn order(goods: usize) -> post::Request {
    post::Request::builder()
        .appid("wxd678efh567hg6787")
        .mchid(MERCHANT)
        .description("QQ公仔")
        .out_trade_no("1217752501201407033233368018")
        .amount(|a| a.total(888))
        .notify_url("https://shop.example/notify")
        .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
        .detail(|d| {
            d.goods_detail(|list| {
                (0..goods).fold(list, |list, number| {
                    list.push(|g| {
                        g.merchant_goods_id(format!("12464{number}"))
                            .quantity(1)
                            .unit_price(528_800)
                            .wechatpay_goods_id("1001")
                            .goods_name("iPhoneX 256G")
                    })
                })
            })
        })
}

fn sign(core: &Core, merchant: &Pair) -> Result<Row, Failure> {
    let unsigned = core.prepare(post::operation(order(1)))?;
    let message = unsigned.sign()?.sent().signed_message.clone();
    let random = SystemRandom::new();
    let mut signature = vec![0; 256];
    let (ours, bare) = compare(
        4,
        || used(unsigned.sign()),
        || {
            used(merchant.0.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature));
        },
    );
    Ok(Row::new("sign a request", ours, "RSA signature", bare, "1.03"))
}

fn check(core: &Core, wechatpay: &Pair) -> Result<Row, Failure> {
    let headers = wechatpay.headers(TRANSACTION.as_bytes())?;
    let message = SignedHeaders::read(Scheme::Rsa, &headers)?.message(TRANSACTION.as_bytes());
    let signature = wechatpay.signature(&message)?;
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, wechatpay.spki()?)?;
    let (keys, now) = (core.keys(), SystemTime::now());
    verify(Scheme::Rsa, keys, &headers, TRANSACTION.as_bytes(), now)?;
    let (ours, bare) = compare(
        100,
        || used(verify(Scheme::Rsa, keys, &headers, TRANSACTION.as_bytes(), now)),
        || used(key.verify_sig(&message, &signature)),
    );
    Ok(Row::new("check a response of 1.5 KB", ours, "RSA verification", bare, "1.10"))
}

fn encrypt(core: &Core, wechatpay: &Pair) -> Result<Row, Failure> {
    let bare = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(&wechatpay.spki()?)?)?;
    let key = core.keys().encryption_key(SystemTime::now())?;
    let text = "张三".as_bytes();
    let mut sealed = vec![0; bare.ciphertext_size()];
    let (ours, bare) = compare(
        100,
        || used(key.encrypt(text)),
        || {
            let sealed = bare.encrypt(&OAEP_SHA1_MGF1SHA1, text, &mut sealed, None);
            used(sealed.is_ok());
        },
    );
    Ok(Row::new("encrypt a field", ours, "RSA-OAEP", bare, "none"))
}

fn encode() -> Result<Row, Failure> {
    let operation = post::operation(order(MANY));
    let body: Json = serde_json::from_slice(&operation.prepare(None)?.signed_body)?;
    let (ours, bare) =
        compare(1000, || used(operation.prepare(None)), || used(serde_json::to_vec(&body)));
    Ok(Row::new("encode an order of 100 goods", ours, "`serde_json::Value`", bare, "none"))
}

fn long_transaction() -> Result<String, Failure> {
    let mut transaction: Json = serde_json::from_str(TRANSACTION)?;
    if let Some(Json::Array(promotions)) = transaction.get_mut("promotion_detail") {
        *promotions = promotions.iter().cycle().take(MANY).cloned().collect();
    }
    Ok(transaction.to_string())
}

/// Decodes beside serde's derive of an equal struct, and beside a tree.
fn decoding(of: &str, text: &str) -> Result<[Row; 2], Failure> {
    let body = text.as_bytes();
    let count = 200_000 / body.len();
    decode::<Transaction>(body, None)?;
    serde_json::from_slice::<derived::Transaction>(body)?;
    let name = format!("decode {of}");
    let ours = || used(decode::<Transaction>(body, None));
    let derive = || used(serde_json::from_slice::<derived::Transaction>(body));
    let tree = || used(serde_json::from_slice::<Json>(body));
    let (first, derive) = compare(count, ours, derive);
    let (second, tree) = compare(count, ours, tree);
    Ok([
        Row::new(&name, first, "serde's derive", derive, "1.5, at the worst 2.5"),
        Row::new(&name, second, "`serde_json::Value`", tree, "none"),
    ])
}
