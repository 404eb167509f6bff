//! Keys as text, in every form that shells, databases, secret stores and chat programs make of
//! them.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use proptest::prelude::*;
use wxpay_api::protocol::{
    ApiV3Key, Certificate, KeyError, KeyItem, KeyProblem, Merchant, PrivateKey, PublicKey,
    WechatPayKeys,
};

use crate::support::{
    APIV3_KEY, MCHID, PUBLIC_KEY_ID, der, integer, merchant_identity, pem, platform, sequence, tlv,
};

/// A form of the text of a key.
type Form = (&'static str, fn(&str) -> Vec<u8>);

const FORMS: &[Form] = &[
    ("as it is", |pem| pem.into()),
    ("line ends of Windows", |pem| pem.replace('\n', "\r\n").into()),
    ("line ends of old Macs", |pem| pem.replace('\n', "\r").into()),
    ("line ends written out", |pem| pem.replace('\n', "\\n").into()),
    ("line ends of Windows written out", |pem| pem.replace('\n', "\\r\\n").into()),
    ("escaped twice", |pem| pem.replace('\n', "\\\\n").into()),
    ("escaped three times", |pem| pem.replace('\n', "\\\\\\\\n").into()),
    ("escaped and quoted", |pem| format!("\"{}\"", pem.replace('\n', "\\n")).into()),
    ("quoted twice", |pem| format!("'\"{pem}\"'").into()),
    ("quoted by a word processor", |pem| format!("“{pem}”").into()),
    ("lines that go on", |pem| pem.replace('\n', "\\\n").into()),
    ("slashes escaped", |pem| pem.replace('/', "\\/").replace('\n', "\\n").into()),
    ("equals signs escaped", |pem| pem.replace('=', "\\u003d").replace('\n', "\\n").into()),
    ("percent-encoded", |pem| {
        pem.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D").replace('\n', "%0A").into()
    }),
    ("one line with spaces", |pem| pem.replace('\n', " ").into()),
    ("one line with tabs", |pem| pem.replace('\n', "\t").into()),
    ("one line", |pem| pem.replace('\n', "").into()),
    ("no white space at all", |pem| pem.split_whitespace().collect::<String>().into()),
    ("indented", |pem| pem.replace('\n', "\n    ").into()),
    ("a variable before it", |pem| format!("KEY={pem}").into()),
    ("the last dashes are lost", |pem| pem.trim_end().trim_end_matches('-').into()),
    ("a byte order mark", |pem| format!("\u{feff}{pem}").into()),
    ("UTF-16, little end first", |pem| utf16(&format!("\u{feff}{pem}"), u16::to_le_bytes)),
    ("UTF-16, big end first", |pem| utf16(&format!("\u{feff}{pem}"), u16::to_be_bytes)),
    ("UTF-16, little end first, unmarked", |pem| utf16(pem, u16::to_le_bytes)),
    ("UTF-16, big end first, unmarked", |pem| utf16(pem, u16::to_be_bytes)),
    ("invisible characters", |pem| {
        format!("\u{200b}{}\u{200e}", pem.replacen('M', "\u{200d}M\u{2060}", 2)).into()
    }),
    ("hard spaces", |pem| pem.replace(' ', "\u{a0}").replace('\n', "\u{3000}").into()),
    ("dashes of a chat program", |pem| pem.replace("--", "—").into()),
    ("short dashes", |pem| pem.replace('-', "–").into()),
    ("full width", |pem| pem.chars().map(full_width).collect::<String>().into()),
    ("the file in Base64", |pem| STANDARD.encode(pem).into()),
    ("the file in Base64, wrapped", |pem| wrapped(&STANDARD.encode(pem)).into()),
    ("the file in Base64, quoted", |pem| format!("\"{}\"\n", STANDARD.encode(pem)).into()),
    ("the file in Base64 without padding", |pem| STANDARD_NO_PAD.encode(pem).into()),
    ("the file in the Base64 of URLs", |pem| URL_SAFE.encode(pem).into()),
    ("the file in Base64, with line ends of Windows", |pem| {
        STANDARD.encode(pem.replace('\n', "\r\n")).into()
    }),
    ("the file in Base64 twice", |pem| STANDARD.encode(STANDARD.encode(pem)).into()),
    ("UTF-16 in Base64", |pem| {
        STANDARD.encode(utf16(&format!("\u{feff}{pem}"), u16::to_le_bytes)).into()
    }),
    ("escaped in Base64", |pem| STANDARD.encode(pem.replace('\n', "\\n")).into()),
    ("Base64 without lines around it", |pem| STANDARD.encode(der(pem)).into()),
    ("Base64 without lines around it, wrapped", |pem| wrapped(&STANDARD.encode(der(pem))).into()),
    ("Base64 without lines around it, escaped", |pem| {
        wrapped(&STANDARD.encode(der(pem))).replace('\n', "\\n").into()
    }),
    ("Base64 without lines around it, quoted", |pem| {
        format!("'{}'", STANDARD.encode(der(pem))).into()
    }),
];

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn full_width(character: char) -> char {
    match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xfee0).unwrap(),
        other => other,
    }
}

fn wrapped(text: &str) -> String {
    let lines = text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// PKCS#8 and PKCS#1.
fn private_keys() -> [String; 2] {
    let pkcs8 = merchant_identity().private_key_pem().unwrap();
    let pkcs1 = pem("RSA PRIVATE KEY", &der(&pkcs8)[26..]);
    [pkcs8, pkcs1]
}

/// SPKI and PKCS#1.
fn public_keys() -> [String; 2] {
    let spki = platform().public_key_pem();
    let pkcs1 = pem("RSA PUBLIC KEY", &der(&spki)[24..]);
    [spki, pkcs1]
}

/// The beginning of a PKCS#12 archive, which is all that is read.
fn pkcs12() -> Vec<u8> {
    let data = sequence(&[tlv(0x06, &[0x2a]), tlv(0xa0, &[0x04, 0x00])]);
    sequence(&[integer(&[3]), data, tlv(0x04, &[7; 300])])
}

#[test]
fn keys_as_text_in_every_form_and_of_every_kind() {
    let private = merchant_identity().private_key().public_key();
    let public = platform().private_key().public_key();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    for (name, form) in FORMS {
        for text in private_keys().map(|key| form(&key)) {
            let key = PrivateKey::from_pem(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(key.public_key() == private, "{name}");
            fs::write(&file, &text).unwrap();
            assert!(PrivateKey::from_file(&file).unwrap().public_key() == private, "{name}");
        }
        for text in public_keys().map(|key| form(&key)) {
            let key = PublicKey::from_pem(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(key == *public, "{name}");
            fs::write(&file, &text).unwrap();
            assert!(PublicKey::from_file(&file).unwrap() == *public, "{name}");
        }
        let text = form(platform().certificate_pem());
        let read = Certificate::from_pem(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.serial(), platform().certificate().serial(), "{name}");
        fs::write(&file, &text).unwrap();
        Certificate::from_file(&file).unwrap();
    }
}

#[test]
fn keys_as_text_of_the_wrong_kind_are_named_in_every_form() {
    let identity = merchant_identity();
    let private = identity.private_key_pem().unwrap();
    for (name, form) in FORMS {
        let certificate = form(identity.certificate_pem());
        for (error, found) in [
            (PrivateKey::from_pem(&certificate).unwrap_err(), "it is a certificate"),
            (PrivateKey::from_pem(form(&identity.public_key_pem())).unwrap_err(), "a public key"),
            (PublicKey::from_pem(&certificate).unwrap_err(), "it is a certificate"),
            (PublicKey::from_pem(form(&private)).unwrap_err(), "it is a private key"),
            (Certificate::from_pem(form(&private)).unwrap_err(), "it is a private key"),
            (
                WechatPayKeys::new().with_certificate(&certificate).unwrap_err(),
                "it is the merchant certificate of 1900000001",
            ),
        ] {
            assert!(error.to_string().contains(found), "{name}: {error}");
        }
    }
}

#[test]
fn other_files_in_place_of_a_key_are_named() {
    let base64 = STANDARD.encode(pkcs12());
    let encrypted = sequence(&[sequence(&[tlv(0x06, &[0x2a])]), tlv(0x04, &[1; 200])]);
    let read = |text: &[u8]| PrivateKey::from_pem(text).unwrap_err();
    for archive in [pkcs12(), base64.into(), STANDARD.encode(STANDARD.encode(pkcs12())).into()] {
        assert!(matches!(read(&archive).problem(), KeyProblem::Pkcs12), "{}", read(&archive));
    }
    let encrypted = STANDARD.encode(encrypted);
    assert!(matches!(read(encrypted.as_bytes()).problem(), KeyProblem::Encrypted));
    assert!(read(b"\xfe\xed\xfe\xed\0\0\0\x02").to_string().contains("a Java keystore"));
    assert!(read(b"PK\x03\x04\x14\0").to_string().contains("a ZIP archive"));
    let key = private_keys()[0].clone();
    let cut = STANDARD.encode(&der(&key)[..600]);
    assert!(
        matches!(read(cut.as_bytes()).problem(), KeyProblem::Malformed),
        "{}",
        read(cut.as_bytes())
    );
    for nothing in ["\"\"", "' '", "\u{200b}", "\\n"] {
        assert!(matches!(read(nothing.as_bytes()).problem(), KeyProblem::Empty), "{nothing}");
    }
}

#[test]
fn a_path_in_place_of_a_keys_text_is_refused_and_never_opened() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apiclient_key.pem");
    fs::write(&file, &private_keys()[0]).unwrap();
    let existing = file.to_str().unwrap();
    let certificate = merchant_identity().certificate_pem();
    for path in [
        existing,
        "apiclient_key.pem",
        "./keys/key",
        "C:\\keys\\new.pem",
        "~/cert.P12",
        "\"a.key\"\n",
    ] {
        for (error, member) in [
            (Merchant::from_pem(MCHID, path, path).unwrap_err(), "`certificate_file`"),
            (Merchant::from_pem(MCHID, certificate, path).unwrap_err(), "`private_key_file`"),
            (
                WechatPayKeys::new().with_public_key(PUBLIC_KEY_ID, path).unwrap_err(),
                "`wechatpay_public_key_file` (WXPAY_WECHATPAY_PUBLIC_KEY_FILE)",
            ),
            (
                WechatPayKeys::new().with_certificate(path).unwrap_err(),
                "`platform_certificate_files`",
            ),
            (ApiV3Key::new(path).unwrap_err(), "`apiv3_key_file`"),
        ] {
            assert!(matches!(error.problem(), KeyProblem::IsAPath), "{path}: {error}");
            assert!(error.to_string().contains(member), "{path}: {error}");
            assert!(error.to_string().contains("was not opened"), "{path}: {error}");
        }
    }
}

#[test]
fn a_keys_text_in_place_of_its_path_is_refused_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("apiclient_cert.pem");
    fs::write(&certificate, merchant_identity().certificate_pem()).unwrap();
    let key = private_keys()[0].clone();
    let secret: String = key.lines().nth(3).unwrap().chars().take(24).collect();
    for (name, form) in FORMS {
        // Bytes that are no text cannot be given as a path.
        let Ok(text) = String::from_utf8(form(&key)) else { continue };
        let error = Merchant::from_files(MCHID, &certificate, &text).unwrap_err();
        assert!(matches!(error.problem(), KeyProblem::NotAPath), "{name}: {error}");
        assert!(error.to_string().contains("give the content as `private_key`"), "{name}: {error}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&secret) && shown.len() < 500, "{name}: {shown}");
    }
    let error = ApiV3Key::from_file(APIV3_KEY).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::NotAPath), "{error}");
    assert!(!format!("{error} {error:?}").contains(APIV3_KEY), "{error}");
}

#[test]
fn several_platform_certificates_in_one_text() {
    let other = wxpay_api::protocol::issuing::Issue::platform()
        .serial([0x41])
        .key(platform().private_key().clone())
        .build()
        .unwrap();
    let both = format!("{}\n{}", platform().certificate_pem(), other.certificate_pem());
    for (name, form) in FORMS {
        // Without `BEGIN` and `END` lines, nothing shows where a block ends.
        if name.starts_with("Base64 without lines") || *name == "the last dashes are lost" {
            continue;
        }
        let keys = WechatPayKeys::new().with_certificate(form(&both)).unwrap();
        assert_eq!(keys.certificates().len(), 2, "{name}");
    }
    let mixed = format!("{both}{}", platform().public_key_pem());
    let error = WechatPayKeys::new().with_certificate(mixed).unwrap_err();
    assert!(error.to_string().contains("it is a public key"), "{error}");
}

#[test]
fn an_apiv3_key_that_is_not_given_as_it_was_set_is_named() {
    let named = |key: &str| {
        let error = ApiV3Key::new(key).unwrap_err();
        assert_eq!(error.item(), KeyItem::ApiV3Key);
        assert!(!format!("{error} {error:?}").contains(APIV3_KEY), "{error:?}");
        error.to_string()
    };
    for (key, found) in [
        (format!(" {APIV3_KEY}"), "white space around it"),
        (format!("{APIV3_KEY}\t"), "white space around it"),
        (format!("\"{APIV3_KEY}\""), "between quotation marks"),
        (format!("'{APIV3_KEY}'\n"), "between quotation marks"),
        (format!("“{APIV3_KEY}”"), "between quotation marks"),
        (format!("{APIV3_KEY}\n"), "33 bytes (the last is a line end)"),
        (format!("{APIV3_KEY}\r\n"), "34 bytes (the last is a line end)"),
        (format!("{APIV3_KEY}\u{200b}"), "invisible"),
        (STANDARD.encode(APIV3_KEY), "Base64 of a key"),
        (STANDARD.encode(format!("{APIV3_KEY}\n")), "Base64 of a key"),
        ("6352384570496275507415531946499716226189".to_owned(), "serial number"),
        (PUBLIC_KEY_ID.to_owned(), "the id of a WeChat Pay public key"),
        (private_keys()[0].clone(), "a key or certificate in PEM"),
        (platform().certificate_pem().to_owned(), "a key or certificate in PEM"),
        (String::new(), "0 bytes"),
    ] {
        let shown = named(&key);
        assert!(shown.contains(found), "{found}: {shown}");
    }
}

#[test]
fn an_apiv3_key_in_a_file_may_end_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apiv3");
    for end in ["", "\n", "\r\n", "\n\n"] {
        fs::write(&file, format!("{APIV3_KEY}{end}")).unwrap();
        ApiV3Key::from_file(&file).unwrap();
    }
    fs::write(&file, format!(" {APIV3_KEY}\n")).unwrap();
    let error: KeyError = ApiV3Key::from_file(&file).unwrap_err();
    assert_eq!(error.path(), Some(file.as_path()));
    assert!(error.to_string().contains("white space around it"), "{error}");
    let missing = ApiV3Key::from_file(folder.path().join("missing")).unwrap_err();
    assert!(matches!(missing.problem(), KeyProblem::Unreadable(_)), "{missing}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Text around a key and other line breaks do not change the key.
    #[test]
    fn a_key_between_any_texts_is_read(
        before in "[a-zA-Z0-9 :=\n\t密钥]{0,60}",
        after in "[a-zA-Z0-9 :=\n\t]{0,60}",
        width in 1_usize..200,
    ) {
        let base64 = STANDARD.encode(der(&platform().public_key_pem()));
        let lines: Vec<_> = base64.as_bytes().chunks(width).map(String::from_utf8_lossy).collect();
        let body = lines.join("\n");
        let text = format!("{before}\n-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n{after}");
        let key = PublicKey::from_pem(&text);
        prop_assert!(key.is_ok_and(|key| key == *platform().private_key().public_key()), "{}", text);
    }

    /// No text causes a panic, and no text is shown.
    #[test]
    fn no_text_is_shown(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for error in [PrivateKey::from_pem(&text).err(), PrivateKey::from_pem(&bytes).err()] {
            let shown = error.map(|error| format!("{error}{error:?}")).unwrap_or_default();
            prop_assert!(text.chars().count() < 45 || !shown.contains(&text), "{}", shown);
        }
        let _ = (ApiV3Key::new(&bytes), WechatPayKeys::new().with_public_key(&text, &bytes));
    }
}
