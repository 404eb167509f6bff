//! Galois/Counter Mode (NIST SP 800-38D) of any block cipher: its lengths, and a decryption piece by piece.
//!
//! The libraries offer only functions that take the whole ciphertext at once. There is no associated data here.

use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, InnerIvInit, StreamCipher, StreamCipherCore};
use ctr::{Ctr32BE, CtrCore};
use ghash::universal_hash::UniversalHash;
use ghash::{Block, GHash};
use sm3::digest::block_buffer::EagerBuffer;
use zeroize::Zeroizing;

/// The length of a key of AES-256 in bytes, and so of the APIv3 key.
pub(crate) const AES_KEY_LENGTH: usize = 32;

/// The length of a key of SM4 in bytes.
pub(crate) const SM4_KEY_LENGTH: usize = 16;

/// The length of the nonce of a resource in bytes. The nonce of a bill has any length.
pub(crate) const NONCE_LENGTH: usize = 12;

/// The length of the tag in bytes.
pub(crate) const TAG_LENGTH: usize = 16;

/// The ciphertext is longer than the mode allows.
pub(crate) struct TooLong;

/// The decryption of a stream with any cipher.
pub(crate) trait StreamingGcm: Send + Sync {
    /// Replaces the next piece of ciphertext, without the tag, by plaintext.
    fn decrypt(&mut self, data: &mut [u8]) -> Result<(), TooLong>;

    /// Returns the tag of the ciphertext so far.
    fn tag(self: Box<Self>) -> [u8; 16];
}

/// The mode over one block cipher.
pub(crate) struct Gcm<Cipher>
where
    Cipher: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    counter: Ctr32BE<Cipher>,
    ghash: GHash,
    /// The start of an incomplete block of ciphertext.
    partial: EagerBuffer<U16>,
    /// The first block of the key stream, which masks the tag.
    mask: Block,
    /// The length of the ciphertext so far, in bytes.
    length: u64,
}

impl<Cipher> Gcm<Cipher>
where
    Cipher: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    pub(crate) fn new(cipher: Cipher, nonce: &[u8]) -> Self {
        let mut key = Zeroizing::new(Block::default());
        cipher.encrypt_block(&mut key);
        let ghash = GHash::new(&key);
        let mut counter = CtrCore::inner_iv_init(cipher, &first_counter(&ghash, nonce));
        let mut mask = Block::default();
        counter.write_keystream_block(&mut mask);
        let counter = Ctr32BE::from_core(counter);
        Self { counter, ghash, partial: EagerBuffer::default(), mask, length: 0 }
    }
}

impl<Cipher> StreamingGcm for Gcm<Cipher>
where
    Cipher: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + Send + Sync,
{
    fn decrypt(&mut self, data: &mut [u8]) -> Result<(), TooLong> {
        let Self { ghash, partial, .. } = self;
        partial.digest_blocks(data, |blocks| ghash.update(blocks));
        self.length += data.len() as u64;
        self.counter.try_apply_keystream(data).map_err(|_| TooLong)
    }

    fn tag(mut self: Box<Self>) -> [u8; 16] {
        if self.partial.get_pos() > 0 {
            self.ghash.update(&[self.partial.pad_with_zeros()]);
        }
        self.ghash.update(&[lengths(self.length)]);
        let mut tag = self.ghash.finalize();
        for (byte, mask) in tag.iter_mut().zip(self.mask) {
            *byte ^= mask;
        }
        tag.into()
    }
}

/// The block `J0`: the nonce itself if it has 12 bytes, else its digest.
fn first_counter(ghash: &GHash, nonce: &[u8]) -> Block {
    if let Ok(nonce) = <[u8; 12]>::try_from(nonce) {
        let mut block = Block::default();
        for (place, byte) in block.iter_mut().zip(nonce.into_iter().chain([0, 0, 0, 1])) {
            *place = byte;
        }
        return block;
    }
    let mut ghash = ghash.clone();
    ghash.update_padded(nonce);
    ghash.update(&[lengths(nonce.len() as u64)]);
    ghash.finalize()
}

/// The block of the two lengths in bits: zero for associated data, and the length of the ciphertext.
fn lengths(bytes: u64) -> Block {
    Block::from((u128::from(bytes) * 8).to_be_bytes())
}
