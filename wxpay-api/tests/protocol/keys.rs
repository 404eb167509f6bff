//! Every wrong kind of key, certificate and file, and the text of the error.

use std::fs;
use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use wxpay_api::protocol::issuing::Issue;
use wxpay_api::protocol::{
    ApiV3Key, Certificate, KeyError, KeyItem, KeyProblem, PrivateKey, PublicKey, Serial,
};

use crate::support::{at, der, integer, merchant_identity, pem, sequence, tlv, unhex};

static LARGE: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa3072).unwrap());

fn large_private_key() -> String {
    let der: Pkcs8V1Der<'_> = LARGE.as_der().unwrap();
    pem("PRIVATE KEY", der.as_ref())
}

fn large_public_key() -> Vec<u8> {
    let der: PublicKeyX509Der<'_> = LARGE.public_key().as_der().unwrap();
    der.as_ref().to_vec()
}

/// `SEQUENCE { id-ecPublicKey, curve }`.
fn elliptic_curve(curve: &str) -> Vec<u8> {
    sequence(&[tlv(0x06, &unhex("2a8648ce3d0201")), tlv(0x06, &unhex(curve))])
}

/// The merchant's certificate with another public key in it. Its own signature is then invalid, but
/// is never checked.
fn certificate_with(spki: &[u8]) -> String {
    let algorithm = sequence(&[tlv(0x06, &unhex("2a864886f70d01010b")), tlv(0x05, &[])]);
    let attribute = sequence(&[tlv(0x06, &unhex("550403")), tlv(0x0c, b"1900000001")]);
    let name = sequence(&[tlv(0x31, &attribute)]);
    let validity = sequence(&[tlv(0x17, b"200101000000Z"), tlv(0x17, b"491231235959Z")]);
    let content = sequence(&[
        tlv(0xa0, &integer(&[2])),
        integer(&[1, 2, 3]),
        algorithm.clone(),
        name.clone(),
        validity,
        name,
        spki.to_vec(),
    ]);
    pem("CERTIFICATE", &sequence(&[content, algorithm, tlv(0x03, &[0; 257])]))
}

fn private(pem: impl AsRef<[u8]>) -> KeyError {
    PrivateKey::from_pem(pem).unwrap_err()
}

fn public(pem: impl AsRef<[u8]>) -> KeyError {
    PublicKey::from_pem(pem).unwrap_err()
}

fn certificate(pem: impl AsRef<[u8]>) -> KeyError {
    Certificate::from_pem(pem).unwrap_err()
}

fn pkcs8() -> String {
    merchant_identity().private_key_pem().unwrap()
}

#[test]
fn one_kind_where_another_belongs() {
    let identity = merchant_identity();
    for (error, found) in [
        (private(identity.certificate_pem()), "it is a certificate"),
        (private(identity.public_key_pem()), "it is a public key"),
        (public(identity.certificate_pem()), "it is a certificate"),
        (public(pkcs8()), "it is a private key"),
        (certificate(pkcs8()), "it is a private key"),
        (certificate(identity.public_key_pem()), "it is a public key"),
        (certificate(pem("CERTIFICATE REQUEST", b"any")), "it is a certificate request"),
        (certificate(pem("PKCS7", b"any")), "it is a bundle of certificates (PKCS#7)"),
        (private(pem("DH PARAMETERS", b"any")), "it is a PEM block `DH PARAMETERS`"),
    ] {
        assert!(matches!(error.problem(), KeyProblem::WrongKind { .. }), "{error}");
        assert!(error.to_string().contains(found), "{error}");
        assert!(error.to_string().contains("needed is a"), "{error}");
    }
}

#[test]
fn private_keys_in_both_encodings() {
    let pkcs8 = pkcs8();
    let key = PrivateKey::from_pem(&pkcs8).unwrap();
    let info = der(&pkcs8);
    // SEQUENCE header, version, algorithm and the header of the octet string take 26 bytes in a key of 2048 bits.
    let same = PrivateKey::from_pem(pem("RSA PRIVATE KEY", &info[26..])).unwrap();
    assert_eq!(key.public_key(), same.public_key());
    assert_eq!(key.sign(b"message").unwrap(), same.sign(b"message").unwrap());
}

#[test]
fn encrypted_private_keys() {
    let pkcs1 = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    for pem in [pem("ENCRYPTED PRIVATE KEY", b"any"), pkcs1.to_owned()] {
        let error = private(pem);
        assert!(matches!(error.problem(), KeyProblem::Encrypted), "{error}");
        assert!(error.to_string().contains("openssl pkey"), "{error}");
    }
}

#[test]
fn keys_that_are_not_rsa() {
    let ecdsa = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
        .unwrap();
    let ed25519 = sequence(&[sequence(&[tlv(0x06, &unhex("2b6570"))]), tlv(0x03, &[0; 33])]);
    let p256 = sequence(&[
        elliptic_curve("2a8648ce3d030107"),
        tlv(0x03, &[&[0, 4][..], &[7; 64]].concat()),
    ]);
    for (error, found) in [
        (private(pem("PRIVATE KEY", ecdsa.as_ref())), "an elliptic-curve key"),
        (private(pem("EC PRIVATE KEY", b"any")), "an elliptic-curve key"),
        (public(pem("PUBLIC KEY", &ed25519)), "an Ed25519 key"),
        (public(pem("PUBLIC KEY", &p256)), "an elliptic-curve key"),
    ] {
        assert!(matches!(error.problem(), KeyProblem::NotRsa { .. }), "{error}");
        assert!(error.to_string().contains(found), "{error}");
    }
}

#[cfg(not(feature = "sm"))]
#[test]
fn sm2_keys_need_their_feature() {
    let sm2 = elliptic_curve("2a811ccf5501822d");
    let private_key = sequence(&[integer(&[0]), sm2.clone(), tlv(0x04, &[1; 32])]);
    let public_key = sequence(&[sm2, tlv(0x03, &[&[0, 4][..], &[7; 64]].concat())]);
    for error in [
        private(pem("PRIVATE KEY", &private_key)),
        public(pem("PUBLIC KEY", &public_key)),
        certificate(certificate_with(&public_key)),
    ] {
        assert!(matches!(error.problem(), KeyProblem::Sm2Disabled), "{error}");
        assert!(
            error.to_string().contains("an SM2 key (国密); enable the feature `sm`"),
            "{error}"
        );
    }
}

#[test]
fn keys_that_do_not_have_2048_bits() {
    let small = sequence(&[integer(&[0xff; 128]), integer(&[1, 0, 1])]);
    let odd = sequence(&[integer(&[&[0x7f][..], &[0xff; 255]].concat()), integer(&[1, 0, 1])]);
    let small_private = sequence(&[integer(&[0]), integer(&[0xff; 128]), integer(&[1, 0, 1])]);
    for (error, size) in [
        (private(large_private_key()), 3072),
        (public(pem("PUBLIC KEY", &large_public_key())), 3072),
        (certificate(certificate_with(&large_public_key())), 3072),
        (private(pem("RSA PRIVATE KEY", &small_private)), 1024),
        (public(pem("RSA PUBLIC KEY", &small)), 1024),
        (public(pem("RSA PUBLIC KEY", &odd)), 2047),
    ] {
        assert!(matches!(error.problem(), KeyProblem::Size { bits } if *bits == size), "{error}");
        assert!(error.to_string().contains("fixes 2048"), "{error}");
    }
}

#[test]
fn what_is_not_pem() {
    let identity = merchant_identity();
    let der = der(identity.certificate_pem());
    let archive = [&unhex("308209a1020103")[..], &[0; 40]].concat();
    let base64: String = pkcs8().lines().filter(|line| !line.starts_with('-')).collect();
    assert!(matches!(certificate(der).problem(), KeyProblem::Binary));
    assert!(matches!(private(archive).problem(), KeyProblem::Pkcs12));
    PrivateKey::from_pem(base64).unwrap();
    assert!(matches!(private("a note").problem(), KeyProblem::NoBlock));
    assert!(matches!(private([0xff, 0xfe, 0x2d, 0x00]).problem(), KeyProblem::NoBlock));
    for nothing in ["", " \r\n", "\u{feff}"] {
        assert!(matches!(private(nothing).problem(), KeyProblem::Empty));
    }
}

#[test]
fn damaged_pem() {
    let whole = pkcs8();
    let cut = &whole[..whole.len() / 2];
    assert!(
        matches!(private(cut).problem(), KeyProblem::Truncated { label } if label == "PRIVATE KEY")
    );
    let wrong = whole.replacen('M', "*", 1);
    assert!(matches!(private(wrong).problem(), KeyProblem::BadBase64 { .. }));
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY"] {
        assert!(matches!(private(pem(label, b"any")).problem(), KeyProblem::Malformed));
    }
    assert!(matches!(certificate(pem("CERTIFICATE", b"any")).problem(), KeyProblem::Malformed));
    assert!(matches!(public(pem("PUBLIC KEY", b"any")).problem(), KeyProblem::Malformed));
    let long = pem(&"KEY ".repeat(20), b"any");
    assert!(matches!(private(long).problem(), KeyProblem::NoBlock));
}

#[test]
fn several_blocks() {
    let both = format!("{}{}", merchant_identity().certificate_pem(), pkcs8());
    let error = private(both);
    assert!(error.to_string().contains("(CERTIFICATE, PRIVATE KEY)"), "{error}");
}

#[test]
fn text_around_a_block_is_ignored() {
    let unix = pkcs8();
    let windows = unix.replace('\n', "\r\n");
    let marked = format!("\u{feff}{windows}");
    let described =
        format!("Bag Attributes\n    friendlyName: Tenpay Certificate\n{unix}\nafter it");
    let one_line = unix.replace('\n', " ");
    let foreign = [&b"\xb9\xfa\xc3\xdc\r\n"[..], unix.as_bytes()].concat();
    for text in [
        unix.as_bytes(),
        windows.as_bytes(),
        marked.as_bytes(),
        described.as_bytes(),
        one_line.as_bytes(),
        &foreign,
    ] {
        PrivateKey::from_pem(text).unwrap();
    }
}

#[test]
fn files() {
    let folder = std::env::temp_dir().join(format!("wxpay-api-keys-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let missing = folder.join("apiclient_key.pem");
    let error = PrivateKey::from_file(&missing).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::Unreadable(_)));
    assert_eq!(error.path(), Some(missing.as_path()));
    assert!(error.to_string().contains("apiclient_key.pem"), "{error}");

    fs::write(&missing, merchant_identity().certificate_pem()).unwrap();
    let error = PrivateKey::from_file(&missing).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::WrongKind { .. }));
    assert_eq!(error.path(), Some(missing.as_path()));

    fs::write(&missing, pkcs8()).unwrap();
    PrivateKey::from_file(&missing).unwrap();
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn facts_of_a_certificate_are_read() {
    let identity = Issue::new("1900000009", "某公司")
        .serial([0x0c, 0x4a, 0xef, 0x34])
        .valid(at(1_700_000_000), at(1_800_000_000))
        .key(merchant_identity().private_key().clone())
        .build()
        .unwrap();
    let certificate = identity.certificate();
    assert_eq!(certificate.serial().as_str(), "0C4AEF34");
    assert_eq!(certificate.common_name(), Some("1900000009"));
    assert_eq!(certificate.organization(), Some("某公司"));
    assert_eq!(certificate.issuer(), Some("Tenpay.com Root CA"));
    assert_eq!(certificate.public_key(), merchant_identity().private_key().public_key());
    assert_eq!(
        (certificate.not_before(), certificate.not_after()),
        (at(1_700_000_000), at(1_800_000_000))
    );
    let valid = [1_699_999_999, 1_700_000_000, 1_800_000_000, 1_800_000_001]
        .map(|time| certificate.is_valid_at(at(time)));
    assert_eq!(valid, [false, true, true, false]);
}

#[test]
fn serials_are_numbers() {
    let serial = Serial::parse("0C4AEF34").unwrap();
    for same in [
        "c4aef34",
        "000C4AEF34",
        "0c:4a:ef:34",
        " 0C4AEF34\n",
        "0x0c4aef34",
        "serial=0C4AEF34",
        "Serial Number:\n    0c:4a:ef:34",
        "serial_no = 0c4aef34",
        "SERIAL=0X0C4AEF34",
        "0X0C4aeF34",
        "0c 4a ef 34",
        "c:4a:ef:34",
        "0C4A EF34",
        "0c:4a:\n    ef:34",
        "\u{200e}0c 4a ef 34",
        "\"0C4AEF34\"",
    ] {
        assert_eq!(Serial::parse(same).unwrap(), serial, "{same}");
    }
    assert_ne!(Serial::parse("C4AEF340").unwrap(), serial);
    assert_eq!(Serial::parse("0c:4a:ef:34").unwrap().to_string(), "0C4AEF34");
    for other in [
        "",
        "PUB_KEY_ID_0119000000012024101000292400000",
        "xyz",
        &"A".repeat(41),
        "0x",
        "0c,4a",
        "+0C4AEF34",
        "0C4AEF34h",
        // Negative numbers, and dashes of every sort in them.
        "-0C4AEF34",
        "serial=-0C4AEF34",
        "Serial Number: -0c:4a:ef:34",
        "-0x0c4aef34",
        "0x-0c4aef34",
        "\u{2212}0C4AEF34",
        "0C4AEF34-",
        "0C-4A-EF-34",
        "-12345678",
        // Bytes without their leading zero would be another number.
        "0c:4a:e:34",
        "0c 4a ef 3",
    ] {
        let error = Serial::parse(other).unwrap_err();
        assert!(matches!(error.problem(), KeyProblem::NotASerial), "{other}");
        assert!(error.to_string().contains("openssl x509 -noout -serial"), "{error}");
    }
    // A serial number whose highest bit is set has a zero byte before it in the certificate.
    let key = merchant_identity().private_key().clone();
    let identity =
        Issue::new("1900000009", "某公司").serial([0xf0, 0x01]).key(key).build().unwrap();
    assert_eq!(identity.certificate().serial().as_str(), "F001");
}

#[test]
fn serial_numbers_in_decimal_are_refused() {
    for decimal in [
        "635238570496275507415531946499716226189925931457",
        "6352385704962755074155319464997162261899",
        "serial=635238570496275507415531946499716226189925931457",
        "12345678",
        "0",
    ] {
        let error = Serial::parse(decimal).unwrap_err();
        assert!(matches!(error.problem(), KeyProblem::DecimalSerial), "{error}");
        assert!(error.to_string().contains("`openssl x509 -noout -serial -in"), "{error}");
    }
    // The serial number from a certificate is always a number.
    let key = merchant_identity().private_key().clone();
    let identity =
        Issue::new("1900000009", "某公司").serial([0x12, 0x34]).key(key).build().unwrap();
    assert_eq!(identity.certificate().serial().as_str(), "1234");
}

#[test]
fn apiv3_keys() {
    ApiV3Key::new("0123456789abcdefghijklmnopqrstuv").unwrap();
    for (key, text) in [
        ("short", "it has 5 bytes, but"),
        ("0123456789abcdefghijklmnopqrstuv\n", "it has 33 bytes (the last is a line end), but"),
        ("0123456789abcdefghijklmnopqrstu中", "it has 34 bytes, but"),
        ("0123456789abcdefghijklmnopqrs中", "is not ASCII"),
    ] {
        let error = ApiV3Key::new(key).unwrap_err();
        assert_eq!(error.item(), KeyItem::ApiV3Key);
        assert!(error.to_string().contains(text), "{error}");
        assert!(!error.to_string().contains(key.trim()), "{error}");
    }
}
