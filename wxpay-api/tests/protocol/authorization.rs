//! Requests: the message, the nonce, and the header, written and read.

use proptest::prelude::*;
use wxpay_api::protocol::{Authorization, AuthorizationError, Nonce, Scheme, message};

use crate::support::{MCHID, NOW, merchant, merchant_identity, nonce, stranger};

const TARGET: &str = "/v3/pay/transactions/id/1217752501201407033233368018?mchid=1900000001";

fn authorization() -> Authorization {
    merchant().authorization("GET", TARGET, NOW, nonce(), b"").unwrap()
}

#[test]
fn the_message_ends_every_line() {
    let message =
        |body: &[u8]| message::request("POST", "/v3/a?b=%2F", "1554208460", "nonce", body);
    assert_eq!(message(b"{\"a\":1}"), b"POST\n/v3/a?b=%2F\n1554208460\nnonce\n{\"a\":1}\n");
    assert_eq!(message(b""), b"POST\n/v3/a?b=%2F\n1554208460\nnonce\n\n");
    assert_eq!(message(b"line\n"), b"POST\n/v3/a?b=%2F\n1554208460\nnonce\nline\n\n");
    assert_eq!(
        message("微信".as_bytes()),
        "POST\n/v3/a?b=%2F\n1554208460\nnonce\n微信\n".as_bytes()
    );
}

#[test]
fn the_header_has_the_five_pairs_in_order() {
    let header = authorization().to_header();
    let serial = merchant_identity().certificate().serial();
    let start = format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{MCHID}\",nonce_str=\"5K8264ILTKCH16CQ2502SI8ZNMTM67VS\",\
         timestamp=\"1767323045\",serial_no=\"{serial}\",signature=\""
    );
    let signature = header.strip_prefix(&start).and_then(|rest| rest.strip_suffix('"')).unwrap();
    assert_eq!(signature.len(), 344);
    let message = message::request("GET", TARGET, "1767323045", nonce().as_str(), b"");
    assert!(merchant_identity().private_key().public_key().verify(&message, signature));
}

#[test]
fn only_the_same_request_by_the_same_merchant_is_accepted() {
    let key = merchant_identity().private_key().public_key();
    let authorization = authorization();
    assert!(authorization.is_signed_by(key, "GET", TARGET, b""));
    assert!(!authorization.is_signed_by(key, "POST", TARGET, b""));
    assert!(!authorization.is_signed_by(key, "GET", "/v3/pay", b""));
    assert!(!authorization.is_signed_by(key, "GET", TARGET, b"{}"));
    assert!(!authorization.is_signed_by(stranger().private_key().public_key(), "GET", TARGET, b""));
}

#[test]
fn headers_that_are_no_authorization() {
    let header = authorization().to_header();
    let twice = format!("{header},mchid=\"1\"");
    for (text, expected) in [
        ("", "the scheme `` is unknown"),
        ("Bearer abc", "the scheme `Bearer` is unknown"),
        ("WECHATPAY2-SM3-WITH-SM2 mchid=\"1\"", "the scheme `WECHATPAY2-SM3-WITH-SM2` is unknown"),
        ("WECHATPAY-BRAND-SHA256-RSA2048 mchid=\"1\"", "`mchid` does not belong"),
        ("WECHATPAY2-SHA256-RSA2048", "name=\"value\""),
        (&header.replace("\",", "\", "), "does not belong"),
        (&header.replace("\",", "\";"), "name=\"value\""),
        (&header.replace('"', ""), "name=\"value\""),
        (&header.replace("mchid", "brand_id"), "`brand_id` does not belong"),
        (&twice, "`mchid` comes twice"),
        ("WECHATPAY2-SHA256-RSA2048 mchid=\"1\"", "`nonce_str` is missing"),
    ] {
        let error = Authorization::parse(text).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
    let long = "x".repeat(10_000);
    assert!(
        matches!(Authorization::parse(&long), Err(AuthorizationError::Scheme { found }) if found.len() < 100)
    );
}

#[test]
fn all_schemes_are_read() {
    let pairs = "nonce_str=\"n\",timestamp=\"1\",serial_no=\"AB\",signature=\"cw==\"";
    for (scheme, id_name) in
        [(Scheme::Rsa, "mchid"), (Scheme::Sm2, "mchid"), (Scheme::Brand, "brand_id")]
    {
        let header = format!("{scheme} {id_name}=\"120344\",{pairs}");
        let read = Authorization::parse(&header).unwrap();
        assert_eq!((read.scheme(), read.id()), (scheme, "120344"));
        assert_eq!(read.to_header(), header);
    }
    let nobody = format!("{} {pairs}", Scheme::Brand);
    let missing = Err(AuthorizationError::Missing { name: "brand_id" });
    assert_eq!(Authorization::parse(&nobody), missing);
}

#[test]
fn random_nonces() {
    let nonces: Vec<Nonce> = (0..200).map(|_| Nonce::random().unwrap()).collect();
    for nonce in &nonces {
        assert_eq!(nonce.as_str().len(), 32);
        assert!(nonce.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    let distinct: std::collections::HashSet<_> = nonces.iter().collect();
    assert_eq!(distinct.len(), nonces.len());
    let seen: std::collections::HashSet<char> =
        nonces.iter().flat_map(|nonce| nonce.as_str().chars()).collect();
    assert_eq!(seen.len(), 62);
}

#[test]
fn nonces_made_elsewhere() {
    for fine in ["a", "c5ac7061-fccb-46bf-3054-09a4cda40791", &"x".repeat(128)] {
        assert_eq!(Nonce::new(fine).unwrap().as_str(), fine);
    }
    for wrong in ["", "a b", "a\"b", "a\\b", "a\nb", "微", &"x".repeat(129)] {
        Nonce::new(wrong).unwrap_err();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_header_is_read_back(
        method in "[A-Z]{3,6}",
        target in "/[ -~]{0,80}",
        timestamp in any::<u64>(),
        nonce in "[!#-\\[\\]-~]{1,128}",
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let nonce = Nonce::new(nonce).unwrap();
        let written = merchant().authorization(&method, &target, timestamp, nonce.clone(), &body).unwrap();
        let read = Authorization::parse(&written.to_header()).unwrap();
        prop_assert_eq!(&read, &written);
        prop_assert_eq!((read.scheme(), read.id()), (Scheme::Rsa, MCHID));
        prop_assert_eq!(read.nonce(), nonce.as_str());
        prop_assert_eq!(read.timestamp(), timestamp.to_string());
        prop_assert_eq!(read.serial(), merchant_identity().certificate().serial().as_str());
        prop_assert!(read.is_signed_by(merchant_identity().private_key().public_key(), &method, &target, &body));
    }

    #[test]
    fn the_order_of_the_pairs_does_not_matter(order in Just([0, 1, 2, 3, 4]).prop_shuffle()) {
        let header = authorization().to_header();
        let (scheme, pairs) = header.split_once(' ').unwrap();
        let pairs: Vec<&str> = pairs.split(',').collect();
        let shuffled = order.map(|at| pairs[at]).join(",");
        prop_assert_eq!(Authorization::parse(&format!("{scheme} {shuffled}")).unwrap(), authorization());
    }
}
