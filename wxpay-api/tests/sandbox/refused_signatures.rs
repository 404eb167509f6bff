//! What was signed in place of the right message.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use proptest::prelude::*;
use serde_json::json;
use wxpay_api::protocol::digest::{sha1_hex, sha256_hex};
use wxpay_api::sandbox::SignatureVerdict as Verdict;

use crate::support::{Forgery, Signer, order, pkcs8};

const SPACED: &str = r#"{"appid": "wx123", "amount": {"total": 10}, "attach": "\u684c/7"}"#;

/// Asserts the verdict on a message, and that the diagnosis shows it.
async fn assert_found(client: &Signer, forgery: Forgery, message: &str, verdict: Verdict) {
    let diagnosis = client.sign(forgery, message).await;
    assert_eq!(diagnosis.verdict, verdict, "{message:?}: {diagnosis:?}");
    assert_eq!(diagnosis.signed_message.as_deref(), Some(message), "{diagnosis:?}");
    let expected = diagnosis.expected_message.unwrap();
    assert_ne!(expected, message);
    let difference = diagnosis.difference.unwrap();
    let same = expected.chars().zip(message.chars()).take_while(|(left, right)| left == right);
    let before: String = same.map(|(character, _)| character).collect();
    let line = before.rsplit('\n').next().unwrap().chars().count() + 1;
    assert_eq!((difference.line, difference.column), (before.matches('\n').count() + 1, line));
}

fn post() -> Forgery {
    Forgery::post_bytes("/v3/orders", SPACED.into())
}

#[tokio::test]
async fn the_wrong_line_of_a_url_is_found() {
    let client = Signer::start().await;
    let sent = "/v3/orders/1?limit=10&state=DONE%20%E4%B8%AD&at=2025-01-01T00:00:00%2B08:00";
    let host = client.sandbox.url().trim_start_matches("http://").to_owned();
    let cases = [
        ("/v3/orders/1".to_owned(), Verdict::UrlWithoutQuery),
        (format!("https://api.mch.weixin.qq.com{sent}"), Verdict::UrlWithHost),
        (format!("api2.wechatpay.cn{sent}"), Verdict::UrlWithHost),
        (format!("http://{host}{sent}"), Verdict::UrlWithHost),
        (
            "/v3/orders/1?limit=10&state=DONE 中&at=2025-01-01T00:00:00+08:00".to_owned(),
            Verdict::UrlDecoded,
        ),
        (sent.replace("%20", "+"), Verdict::UrlOtherEncoding),
        (sent.replace("%E4%B8%AD", "%e4%b8%ad").replace("%2B", "%2b"), Verdict::UrlOtherEncoding),
        (sent.replace("00:00:00%2B08:00", "00%3A00%3A00%2B08%3A00"), Verdict::UrlOtherEncoding),
        (sent.replace('%', "%25"), Verdict::UrlOtherEncoding),
        (
            "/v3/orders/1?at=2025-01-01T00:00:00%2B08:00&limit=10&state=DONE%20%E4%B8%AD"
                .to_owned(),
            Verdict::UrlOtherOrder,
        ),
        (sent.replace("/v3", ""), Verdict::UrlOtherPath),
        (sent.trim_start_matches('/').to_owned(), Verdict::UrlOtherPath),
    ];
    for (signed, verdict) in cases {
        let forgery = Forgery::get(sent).header("Host", &host);
        assert_found(&client, forgery, &client.message("GET", &signed, ""), verdict).await;
    }
    // A question mark without parameters is no other order of them.
    let message = client.message("GET", "/v3/orders/1?", "");
    assert_found(&client, Forgery::get("/v3/orders/1"), &message, Verdict::UrlOtherPath).await;
}

#[tokio::test]
async fn another_body_is_found() {
    let client = Signer::start().await;
    let cases = [
        ("", Verdict::BodyNotSigned),
        (r#"{"appid":"wx123","amount":{"total":10},"attach":"\u684c/7"}"#, Verdict::BodyWhitespace),
        (r#"{"appid": "wx123", "amount": {"total": 10}, "attach": "桌/7"}"#, Verdict::BodyEscapes),
        (r#"{"appid":"wx123","amount":{"total":10},"attach":"桌/7"}"#, Verdict::BodyEscapes),
        (r#"{"appid":"wx123","amount":{"total":10},"attach":"桌\/7"}"#, Verdict::BodyEscapes),
        (r#"{"appid":"wx123","amount":{"total":10},"attach":"\u684c\/7"}"#, Verdict::BodyEscapes),
        (r#"{"amount":{"total":10},"appid":"wx123","attach":"桌/7"}"#, Verdict::BodyOrder),
        (
            "{\n  \"appid\": \"wx123\",\n  \"amount\": {\n    \"total\": 10\n  },\n  \"attach\": \"桌/7\"\n}",
            Verdict::BodyEscapes,
        ),
        (&format!("{SPACED}\r\n"), Verdict::BodyWhitespace),
    ];
    for (signed, verdict) in cases {
        let message = client.message("POST", "/v3/orders", signed);
        assert_found(&client, post(), &message, verdict).await;
    }
    // Nothing is sent, and something was signed.
    let get = || Forgery::get("/v3/orders/1?mchid=1");
    for signed in ["{}", "null"] {
        let message = client.message("GET", "/v3/orders/1?mchid=1", signed);
        assert_found(&client, get(), &message, Verdict::BodyNotSent).await;
    }
    let message = client.message("GET", "/v3/orders/1?mchid=1", "mchid=1");
    let diagnosis = client.sign(get(), &message).await;
    assert_eq!(diagnosis.verdict, Verdict::BodyNotSent);
    assert!(diagnosis.signed_message.unwrap().ends_with("[7 bytes]\n"), "only JSON is shown");
}

#[tokio::test]
async fn another_shape_is_found() {
    let client = Signer::start().await;
    let (timestamp, nonce) = (client.timestamp.as_str(), client.nonce.as_str());
    let right = client.message("POST", "/v3/orders", SPACED);
    let cases = [
        (right.trim_end().to_owned(), Verdict::FinalNewlineMissing),
        (format!("{right}\n"), Verdict::NewlineTooMany),
        (right.replace('\n', "\r\n"), Verdict::LinesEndWithCrLf),
        (right.replace('\n', "\\n"), Verdict::NewlinesEscaped),
        (right.replace('\n', ""), Verdict::LinesJoined),
        (format!("{timestamp}\n{nonce}\n{SPACED}\n"), Verdict::LinesOtherOrder),
        (format!("POST\n/v3/orders\n{nonce}\n{timestamp}\n{SPACED}\n"), Verdict::LinesOtherOrder),
        (right.replacen("POST", "post", 1), Verdict::OtherMethod),
        (right.replacen("POST", "GET", 1), Verdict::OtherMethod),
        (right.replace(nonce, &nonce.to_lowercase()), Verdict::OtherNonce),
        (right.replace(timestamp, &format!("{timestamp}123")), Verdict::OtherTimestamp),
    ];
    for (signed, verdict) in cases {
        assert_found(&client, post(), &signed, verdict).await;
    }
    let later = (timestamp.parse::<u64>().unwrap() + 1).to_string();
    let message = right.replace(timestamp, &later);
    assert_found(&client, post(), &message, Verdict::OtherTimestamp).await;
    let message = client.message("GET", "/v3/orders/1", "");
    let message = message.trim_end_matches('\n');
    for end in ["", "\n"] {
        let signed = format!("{message}{end}");
        assert_found(&client, Forgery::get("/v3/orders/1"), &signed, Verdict::FinalNewlineMissing)
            .await;
    }
}

#[tokio::test]
async fn two_mistakes_at_once_are_found() {
    let client = Signer::start().await;
    let compact = r#"{"appid":"wx123","amount":{"total":10},"attach":"桌/7"}"#;
    let cases = [
        (client.message("post", "/v3/orders", compact), "upper case", "Serialize the body once"),
        (
            client
                .message("POST", "https://api.mch.weixin.qq.com/v3/orders", SPACED)
                .trim_end()
                .to_owned(),
            "without scheme and host",
            "ends with a line feed",
        ),
    ];
    for (signed, first, second) in cases {
        let diagnosis = client.sign(post(), &signed).await;
        assert_eq!(diagnosis.signed_message.as_deref(), Some(signed.as_str()));
        for part in [first, second] {
            assert!(diagnosis.explanation.contains(part), "{part}: {diagnosis:?}");
        }
    }
}

#[tokio::test]
async fn another_message_is_not_guessed() {
    let client = Signer::start().await;
    let diagnosis = client.sign(post(), "something else").await;
    assert_eq!(diagnosis.verdict, Verdict::OtherMessage);
    assert_eq!((diagnosis.signed_message, diagnosis.difference), (None, None));
    assert_eq!(diagnosis.expected_message.unwrap(), client.message("POST", "/v3/orders", SPACED));
}

#[tokio::test]
async fn the_parts_of_an_upload_are_recognised() {
    let client = Signer::start().await;
    let meta = r#"{"filename":"a.png"}"#;
    let part = |name: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{content}\r\n")
    };
    let body = format!(
        "{}{}--b--\r\n",
        part("name=\"meta\";", meta),
        part("name=\"file\"; filename=\"a.png\";", "PNG")
    );
    let forgery = || {
        Forgery::new("POST", "/v3/media/upload", body.clone().into_bytes())
            .header("Content-Type", "multipart/form-data; boundary=b")
    };
    for (signed, verdict) in [
        (body.as_str(), Verdict::UploadSigned),
        ("PNG", Verdict::FileSigned),
        ("", Verdict::BodyNotSigned),
    ] {
        let message = client.message("POST", "/v3/media/upload", signed);
        let diagnosis = client.sign(forgery(), &message).await;
        assert_eq!(diagnosis.verdict, verdict, "{diagnosis:?}");
        let expected = client.message("POST", "/v3/media/upload", meta);
        assert_eq!(diagnosis.expected_message.unwrap(), expected);
        assert_eq!(diagnosis.difference.unwrap().line, 5);
    }
}

#[tokio::test]
async fn wrong_encodings_of_the_signature_are_recognised() {
    let client = Signer::start().await;
    let right = client.key.sign(client.message("POST", "/v3/orders", SPACED).as_bytes()).unwrap();
    let bytes = STANDARD.decode(&right).unwrap();
    let (start, end) = right.split_at(76);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut cases = vec![
        (hex, Verdict::SignatureHex),
        (URL_SAFE.encode(&bytes), Verdict::SignatureBase64Url),
        (right.trim_end_matches('=').to_owned(), Verdict::SignatureUnpadded),
        (STANDARD.encode(&right), Verdict::SignatureBase64Twice),
        (right.replace('=', "%3D"), Verdict::SignaturePercentEncoded),
        (format!("{start} {end}"), Verdict::SignatureWhitespace),
        (String::new(), Verdict::SignatureEmpty),
        ("!".to_owned(), Verdict::SignatureNotBase64),
        (STANDARD.encode(b"short"), Verdict::SignatureLength),
    ];
    if right.contains('+') {
        cases.push((right.replace('+', " "), Verdict::SignatureWhitespace));
    }
    // Without these characters, both alphabets are the same.
    cases.retain(|(text, _)| *text != right);
    for (signature, verdict) in cases {
        let diagnosis = client.send(post(), &signature).await;
        assert_eq!(diagnosis.verdict, verdict, "{signature}: {diagnosis:?}");
        assert!(!diagnosis.explanation.contains(&signature) || signature.len() < 2);
    }
    // Both the encoding and the message are wrong.
    let wrong = client.key.sign(client.message("POST", "/v3/orders", "").as_bytes()).unwrap();
    let diagnosis = client.send(post(), wrong.trim_end_matches('=')).await;
    assert_eq!(diagnosis.verdict, Verdict::SignatureUnpadded);
    assert!(diagnosis.explanation.contains("Sign the body as it is sent"), "{diagnosis:?}");
    assert!(diagnosis.signed_message.is_some());
}

#[tokio::test]
async fn other_algorithms_are_recognised() {
    let client = Signer::start().await;
    let message = client.message("POST", "/v3/orders", SPACED);
    let pair = RsaKeyPair::from_pkcs8(&pkcs8(&client.pem)).unwrap();
    let by = |encoding: &'static dyn RsaEncoding| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        STANDARD.encode(signature)
    };
    let unhex = |hex: &str| -> Vec<u8> {
        let digit = |digit: u8| char::from(digit).to_digit(16).unwrap() as u8;
        hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
    };
    let sha256 = unhex(&sha256_hex(message.as_bytes()));
    let sha1 = unhex(&format!("3021300906052b0e03021a05000414{}", sha1_hex(message.as_bytes())));
    let md5 = unhex(&format!("3020300c06082a864886f70d020505000410{}", "00".repeat(16)));
    for (signature, verdict, part) in [
        (by(&RSA_PSS_SHA256), Verdict::PssPadding, "PKCS1-v1_5"),
        (by(&RSA_PKCS1_SHA512), Verdict::OtherDigest, "over SHA-512. The message is right."),
        (client.raw(&sha1), Verdict::OtherDigest, "over SHA-1. The message is right."),
        (client.raw(&md5), Verdict::OtherDigest, "over MD5. Sign"),
        (client.raw(&sha256), Verdict::BareDigest, "The message is right."),
        (client.key.sign(&sha256).unwrap(), Verdict::DigestSigned, ""),
        (
            client.key.sign(sha256_hex(message.as_bytes()).as_bytes()).unwrap(),
            Verdict::DigestSigned,
            "",
        ),
    ] {
        let diagnosis = client.send(post(), &signature).await;
        assert_eq!(diagnosis.verdict, verdict, "{diagnosis:?}");
        assert!(diagnosis.explanation.contains(part), "{part}: {diagnosis:?}");
    }
}

#[tokio::test]
async fn no_secret_is_shown() {
    let client = Signer::start().await;
    // The phone should have been encrypted; the link has a token.
    let body = json!({ "appid": "wx1", "phone": "13900000000", "notify_url": "https://a/?x" });
    let target = "/v3/orders?token=hidden-token";
    let post = || Forgery::post(target, &body);
    let spaced = body.to_string().replace(':', ": ");
    for signed in ["", &spaced, "unknown"] {
        let diagnosis = client.sign(post(), client.message("POST", target, signed)).await;
        let text = format!("{diagnosis:?}");
        for secret in ["13900000000", "https", "hidden-token"] {
            assert!(!text.contains(secret), "{signed}: {text}");
        }
        let expected = diagnosis.expected_message.unwrap();
        assert!(
            expected.contains("token=[redacted]") && expected.contains(r#""phone":"[redacted]""#),
            "{expected}"
        );
    }
    // The first difference is inside a value that is not shown.
    let escaped = body.to_string().replace('/', "\\/");
    let diagnosis = client.sign(post(), client.message("POST", target, &escaped)).await;
    assert_eq!(diagnosis.verdict, Verdict::BodyEscapes);
    let expected = diagnosis.expected_message.unwrap();
    let difference = diagnosis.difference.unwrap();
    let line = expected.lines().nth(difference.line - 1).unwrap();
    let from_there: String = line.chars().skip(difference.column - 1).collect();
    assert!(from_there.starts_with("\"[redacted]\""), "{line} {difference:?}");
    let received = format!("{:?}", client.sandbox.received());
    assert!(!received.contains("13900000000") && received.contains("BodyEscapes"), "{received}");
}

#[tokio::test]
async fn a_large_body_is_not_written_anew() {
    let client = Signer::start().await;
    let large = json!({ "attach": "x".repeat(3 << 20) }).to_string();
    let post = || Forgery::post_bytes("/v3/orders", large.clone().into_bytes());
    let message = client.message("POST", "/v3/orders", &large);
    let diagnosis = client.sign(post(), message.trim_end()).await;
    assert_eq!(diagnosis.verdict, Verdict::FinalNewlineMissing);
    let expected = diagnosis.expected_message.unwrap();
    assert!(expected.ends_with(&format!("[{} bytes]\n", large.len())), "the body is not shown");
    let diagnosis = client.sign(post(), client.message("POST", "/v3/orders", "")).await;
    assert_eq!(diagnosis.verdict, Verdict::BodyNotSigned);
}

#[cfg(feature = "sm")]
#[tokio::test]
async fn the_usual_mistakes_are_found_with_sm2_too() {
    let sandbox = crate::support::start().await;
    let account = sandbox.add_sm_merchant("1900000200").unwrap();
    let forgery = || Forgery::get("/v3/orders/1?limit=1").signer(account.merchant());
    let verdict = async |forgery: Forgery| {
        assert_eq!(forgery.send(&sandbox).await.status, 401);
        sandbox.received().last().unwrap().diagnosis.clone().unwrap().verdict
    };
    let found = verdict(forgery().signing_target("/v3/orders/1")).await;
    assert_eq!(found, Verdict::UrlWithoutQuery);
    assert_eq!(verdict(forgery().signing_target("/other")).await, Verdict::Unexplained);
}

#[tokio::test]
async fn the_control_surface_shows_the_diagnosis() {
    let client = Signer::start().await;
    client.sign(Forgery::post("/v3/orders", &order()), "x").await;
    let url = format!("{}/_sandbox/requests", client.sandbox.url());
    let get = |url: String| async {
        let get = move || ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap();
        let body = tokio::task::spawn_blocking(get).await.unwrap();
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    };
    assert_eq!(get(url.clone()).await["requests"][0]["verdict"], "other-message");
    let diagnosis = get(format!("{url}/1")).await["diagnosis"].clone();
    assert_eq!(diagnosis["verdict"], "other-message");
    let expected = client.message("POST", "/v3/orders", &order().to_string());
    assert_eq!(diagnosis["expected_message"], expected);
    assert_eq!(diagnosis["signed_message"], serde_json::Value::Null);
}

/// Any text that HTTP carries in a header and in a request line.
fn visible() -> impl Strategy<Value = String> {
    prop_oneof!["[!-~]{0,40}", "[a-zA-Z0-9+/=_ -]{0,400}", Just(STANDARD.encode([7; 256]))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_stops_the_sandbox(
        header in visible(),
        signature in visible(),
        nonce in "[!#-~]{0,40}",
        query in "[a-zA-Z0-9%&=+./?:,~-]{0,60}",
        body in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut client = Signer::start().await;
            client.nonce = nonce;
            let target = format!("/v3/orders?{query}");
            let post = || Forgery::post_bytes(&target, body.clone());
            client.send(post(), &signature.replace('"', "")).await;
            client.sign(post(), &body).await;
            let got = post().header("Authorization", &header).send(&client.sandbox).await;
            assert_eq!(got.status, 401);
        });
    }
}
