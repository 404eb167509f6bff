//! Why a header, an account or a timestamp was refused.

use wxpay_api::sandbox::{Sandbox, SignatureDiagnosis, SignatureVerdict as Verdict};

use crate::support::{Forgery, builder, start};

/// Sends a request that is refused with 401, and returns why.
async fn diagnosed(sandbox: &Sandbox, forgery: Forgery) -> SignatureDiagnosis {
    let got = forgery.send(sandbox).await;
    assert_eq!(got.status, 401, "{}", got.text());
    assert_eq!(got.json()["code"], "SIGN_ERROR", "the response is WeChat Pay's");
    sandbox.received().last().unwrap().diagnosis.clone().unwrap()
}

async fn assert_diagnosed(sandbox: &Sandbox, forgery: Forgery, verdict: Verdict, part: &str) {
    let diagnosis = diagnosed(sandbox, forgery).await;
    assert_eq!(diagnosis.verdict, verdict, "{diagnosis:?}");
    assert!(diagnosis.explanation.contains(part), "{diagnosis:?}");
    assert_eq!(diagnosis.expected_message, None);
}

fn get() -> Forgery {
    Forgery::get("/v3/orders/1")
}

#[tokio::test]
async fn a_right_request_has_no_diagnosis() {
    let sandbox = start().await;
    assert_eq!(get().send(&sandbox).await.status, 200);
    assert!(sandbox.received()[0].diagnosis.is_none());
}

#[tokio::test]
async fn the_part_of_the_header_is_named() {
    let sandbox = start().await;
    let scheme = "WECHATPAY2-SHA256-RSA2048";
    let twice = get().header("Authorization", scheme).header("X", "1\r\nAuthorization: x");
    let cases = [
        (get().without("Authorization"), Verdict::AuthorizationMissing, "no Authorization"),
        (twice, Verdict::AuthorizationNotOne, "2 times"),
        (get().header("Authorization", "中"), Verdict::AuthorizationNotOne, "visible ASCII"),
        (get().rewrite(scheme, "WECHATPAY2-RSA"), Verdict::UnknownScheme, "`WECHATPAY2-RSA`"),
        (get().rewrite(scheme, "Bearer"), Verdict::UnknownScheme, "`Bearer`"),
        (
            get().rewrite(",nonce_str", ", nonce_str"),
            Verdict::AuthorizationMalformed,
            "space before the pair `nonce_str`",
        ),
        (get().rewrite("nonce_str", "nonce"), Verdict::AuthorizationMalformed, "`nonce`"),
        (get().rewrite(",timestamp", "timestamp"), Verdict::AuthorizationMalformed, "`nonce_str`"),
        (
            get().rewrite("serial_no=\"", "serial_no='"),
            Verdict::AuthorizationMalformed,
            "`serial_no`",
        ),
        (get().header("Authorization", scheme), Verdict::AuthorizationMalformed, "Nothing follows"),
    ];
    for (forgery, verdict, part) in cases {
        assert_diagnosed(&sandbox, forgery, verdict, part).await;
    }
    let pair = format!("mchid=\"{}\",", sandbox.merchant().id());
    let twice = get().rewrite(&pair, &pair.repeat(2));
    assert_diagnosed(&sandbox, twice, Verdict::AuthorizationMalformed, "`mchid` comes twice").await;
    let without = get().rewrite(&pair, "");
    assert_diagnosed(&sandbox, without, Verdict::AuthorizationMalformed, "`mchid` is missing")
        .await;
}

#[tokio::test]
async fn accounts_and_serial_numbers_are_named() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    let (own, own_serial) = (sandbox.merchant().id(), sandbox.merchant().serial().to_string());
    let other_serial = other.merchant().serial().to_string();
    let mchid = get().rewrite(own, "1900000300");
    assert_diagnosed(&sandbox, mchid, Verdict::UnknownMerchant, own).await;
    let mchid = get().rewrite(own, "1900000300");
    assert_diagnosed(&sandbox, mchid, Verdict::UnknownMerchant, "`1900000200`").await;
    let serial = get().rewrite(&own_serial, &other_serial);
    assert_diagnosed(&sandbox, serial, Verdict::SerialOfOtherAccount, "that of 1900000200").await;
    let serial = get().rewrite(&own_serial, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
    let known = format!("{own_serial} of {own}");
    assert_diagnosed(&sandbox, serial, Verdict::UnknownSerial, &known).await;
    let serial = get().rewrite(&own_serial, &sandbox.wechatpay_public_key().0);
    assert_diagnosed(&sandbox, serial, Verdict::SerialOfWechatPay, &own_serial).await;
    let decimal = num_bigint::BigUint::parse_bytes(own_serial.as_bytes(), 16).unwrap().to_string();
    let serial = get().rewrite(&own_serial, &decimal);
    assert_diagnosed(&sandbox, serial, Verdict::SerialInDecimal, "decimal digits").await;
    let scheme =
        get().rewrite("WECHATPAY2-SHA256-RSA2048 mchid", "WECHATPAY-BRAND-SHA256-RSA2048 brand_id");
    assert_diagnosed(&sandbox, scheme, Verdict::OtherScheme, "WECHATPAY2-SHA256-RSA2048").await;
    let path = Forgery::get("/brand/cards");
    assert_diagnosed(&sandbox, path, Verdict::OtherPath, "/brand/").await;
}

#[tokio::test]
async fn the_clocks_are_compared() {
    let sandbox = start().await;
    for (seconds, part) in [(-1000, "seconds behind"), (1000, "seconds ahead of")] {
        let diagnosis = diagnosed(&sandbox, get().clock(seconds)).await;
        assert_eq!(diagnosis.verdict, Verdict::ClockDiffers);
        assert!(diagnosis.explanation.contains(part), "{diagnosis:?}");
    }
    let text = get().rewrite("timestamp=\"", "timestamp=\"+");
    assert_diagnosed(&sandbox, text, Verdict::TimestampNotSeconds, "digits alone").await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let milliseconds = get().clock(i64::try_from(now.as_secs()).unwrap() * 999);
    assert_diagnosed(&sandbox, milliseconds, Verdict::TimestampInMilliseconds, "seconds, not")
        .await;
}

#[tokio::test]
async fn the_key_of_another_account_is_recognised() {
    let sandbox = builder().fresh_keys().start().await.unwrap();
    // Accounts that are added share keys, and the first one has its own.
    let other = sandbox.add_merchant("1900000200").unwrap();
    let (own, foreign) = (sandbox.merchant(), other.merchant());
    let forgery = get()
        .signer(foreign)
        .rewrite(foreign.id(), own.id())
        .rewrite(foreign.serial().as_str(), own.serial().as_str());
    let diagnosis = diagnosed(&sandbox, forgery).await;
    assert_eq!(diagnosis.verdict, Verdict::KeyOfOtherAccount, "{diagnosis:?}");
    assert!(diagnosis.explanation.contains("The key of 1900000200"), "{diagnosis:?}");
    let stranger = builder().fresh_keys().start().await.unwrap();
    let foreign = stranger.merchant();
    let forgery = get().signer(foreign).rewrite(foreign.serial().as_str(), own.serial().as_str());
    let diagnosis = diagnosed(&sandbox, forgery).await;
    assert_eq!(diagnosis.verdict, Verdict::OtherKey, "{diagnosis:?}");
    assert!(diagnosis.expected_message.unwrap().starts_with("GET\n/v3/orders/1\n"));
    assert_eq!((diagnosis.signed_message, diagnosis.difference), (None, None));
}
