//! AES-256-GCM piece by piece, as bare as the libraries allow: what encrypts the bills, and what decrypts them without
//! the client.

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, InnerIvInit, KeyInit, StreamCipher, StreamCipherCore};
use ctr::{Ctr32BE, CtrCore};
use ghash::universal_hash::UniversalHash;
use ghash::{Block, GHash};

use crate::Failure;

pub(crate) const KEY: [u8; 32] = *b"0123456789abcdef0123456789abcdef";
pub(crate) const NONCE: &str = "Bench-nonce1";
pub(crate) const TAG: usize = 16;
const BLOCK: usize = 16;

/// The state of one file.
pub(crate) struct Gcm {
    counter: Ctr32BE<Aes256>,
    ghash: GHash,
    /// The start of an incomplete block of ciphertext.
    partial: Vec<u8>,
    mask: Block,
    length: u64,
}

impl Gcm {
    pub(crate) fn new() -> Result<Self, Failure> {
        let cipher = Aes256::new_from_slice(&KEY)?;
        let mut hash_key = Block::default();
        cipher.encrypt_block(&mut hash_key);
        let mut first = Block::default();
        for (place, byte) in first.iter_mut().zip(NONCE.bytes().chain([0, 0, 0, 1])) {
            *place = byte;
        }
        let mut counter = CtrCore::inner_iv_init(cipher, &first);
        let mut mask = Block::default();
        counter.write_keystream_block(&mut mask);
        Ok(Self {
            counter: Ctr32BE::from_core(counter),
            ghash: GHash::new(&hash_key),
            partial: Vec::with_capacity(BLOCK),
            mask,
            length: 0,
        })
    }

    pub(crate) fn encrypt(&mut self, data: &mut [u8]) -> Result<(), Failure> {
        self.apply(data)?;
        self.hash(data);
        Ok(())
    }

    pub(crate) fn decrypt(&mut self, data: &mut [u8]) -> Result<(), Failure> {
        self.hash(data);
        self.apply(data)
    }

    /// Returns the tag of the ciphertext so far.
    pub(crate) fn tag(mut self) -> [u8; TAG] {
        self.ghash.update_padded(&self.partial);
        self.ghash.update(&[Block::from((u128::from(self.length) * 8).to_be_bytes())]);
        let mut tag = self.ghash.finalize();
        tag.iter_mut().zip(self.mask).for_each(|(byte, mask)| *byte ^= mask);
        tag.into()
    }

    fn apply(&mut self, data: &mut [u8]) -> Result<(), Failure> {
        self.counter.try_apply_keystream(data).map_err(|_| "more than 64 GiB".into())
    }

    fn hash(&mut self, ciphertext: &[u8]) {
        self.length += ciphertext.len() as u64;
        let mut rest = ciphertext;
        if !self.partial.is_empty() {
            let (fills, after) = rest.split_at(rest.len().min(BLOCK - self.partial.len()));
            self.partial.extend_from_slice(fills);
            rest = after;
            if self.partial.len() < BLOCK {
                return;
            }
            self.ghash.update_padded(&self.partial);
            self.partial.clear();
        }
        let (blocks, partial) = rest.split_at(rest.len() / BLOCK * BLOCK);
        self.ghash.update_padded(blocks);
        self.partial.extend_from_slice(partial);
    }
}
