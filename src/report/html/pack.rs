//! Whole numbers in few bytes, and bytes as text that may stand inside a page.

use crate::{Error, ErrorKind, Result};
use std::io::Write;

/// Numbers one after another, seven bits a byte, the lowest first; the top bit says that more follow (LEB128).
#[derive(Debug, Default)]
struct Packer(Vec<u8>);

impl Packer {
    fn unsigned(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Small numbers of either sign are short: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4.
    fn signed(&mut self, number: i64) {
        self.unsigned(((number << 1) ^ (number >> 63)) as u64);
    }
}

/// Columns of numbers, each beside its like, so that they pack well.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<(&'static str, Packer)>);

impl Columns {
    fn of(&mut self, name: &'static str) -> &mut Packer {
        let at = self.0.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.0.push((name, Packer::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    pub(super) fn unsigned(&mut self, name: &'static str, number: u64) {
        self.of(name).unsigned(number);
    }

    pub(super) fn signed(&mut self, name: &'static str, number: i64) {
        self.of(name).signed(number);
    }

    /// Name and bytes of each column, in their order.
    pub(super) fn lengths(&self) -> Vec<(&'static str, usize)> {
        self.0.iter().map(|(name, column)| (*name, column.0.len())).collect()
    }

    /// The bytes of a text, the text, and all columns, packed with gzip, as base64.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be packed.
    pub(super) fn to_base64(&self, head: &str) -> Result<String> {
        let mut length = Packer::default();
        length.unsigned(head.len() as u64);
        let columns = self.0.iter().map(|(_, column)| column.0.as_slice());
        packed([&length.0[..], head.as_bytes()].into_iter().chain(columns))
    }
}

/// Bytes one after another, packed with gzip, as base64.
///
/// # Errors
/// [`ErrorKind::Io`] if they cannot be packed.
pub(super) fn packed<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Result<String> {
    let failed = |error| Error::new(ErrorKind::Io, format!("a part of the report cannot be packed: {error}"));
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for part in parts {
        packer.write_all(part).map_err(failed)?;
    }
    Ok(base64(&packer.finish().map_err(failed)?))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits =
            (0..3).fold(0_u32, |bits, at| (bits << 8) | u32::from(three.get(at).copied().unwrap_or(0)));
        for letter in 0..4 {
            let is_filled = letter <= three.len();
            text.push(if is_filled {
                LETTERS[(bits >> (18 - 6 * letter)) as usize & 63] as char
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let examples = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(examples, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }

    #[test]
    fn numbers_of_either_sign_are_short_when_they_are_small() {
        let mut packer = Packer::default();
        [0, -1, 1, 63, -64, 64].into_iter().for_each(|number| packer.signed(number));
        packer.unsigned(300);
        assert_eq!(packer.0, [0, 1, 2, 126, 127, 128, 1, 172, 2]);
    }
}
