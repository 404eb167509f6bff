//! No input from outside causes a panic, and no garbage is accepted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_api::protocol::aead::decrypt_sm4;
use wxpay_api::protocol::{Certificate, PrivateKey, PublicKey};

use super::{CERTIFICATE, PRIVATE_KEY, PUBLIC_KEY, private_key, public_key};
use crate::support::{der, integer, pem, sequence, tlv};

fn bytes(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..longest)
}

/// DER of the right shape with anything inside.
fn integers_and_strings() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        bytes(40).prop_map(|content| integer(&content)),
        bytes(40).prop_map(|content| tlv(0x02, &content)),
        bytes(40).prop_map(|content| tlv(0x04, &content)),
    ];
    proptest::collection::vec(value, 0..6).prop_map(|members| sequence(&members))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn signatures(garbage in bytes(80), shaped in integers_and_strings()) {
        for signature in [garbage, shaped] {
            prop_assert!(!public_key().verify(b"message", &STANDARD.encode(signature)));
        }
    }

    #[test]
    fn ciphertexts(garbage in bytes(200), shaped in integers_and_strings()) {
        for ciphertext in [garbage, shaped] {
            prop_assert!(private_key().decrypt(&STANDARD.encode(ciphertext)).is_err());
        }
    }

    #[test]
    fn keys_with_a_changed_byte_or_cut_short(place in any::<proptest::sample::Index>(), change in 1..=u8::MAX) {
        for (label, text) in [("PRIVATE KEY", PRIVATE_KEY), ("PUBLIC KEY", PUBLIC_KEY), ("CERTIFICATE", CERTIFICATE)] {
            let mut changed = der(text);
            let at = place.index(changed.len());
            let cut = pem(label, &changed[..at]);
            changed[at] ^= change;
            let changed = pem(label, &changed);
            for text in [&changed, &cut] {
                let _ = (PrivateKey::from_pem(text), PublicKey::from_pem(text), Certificate::from_pem(text));
            }
            prop_assert!(PrivateKey::from_pem(&cut).is_err() && PublicKey::from_pem(&cut).is_err());
        }
    }

    #[test]
    fn resources(nonce in bytes(20), data in bytes(100)) {
        prop_assert!(decrypt_sm4(&[7; 16], &nonce, b"", data).is_err());
    }
}
