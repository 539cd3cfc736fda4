//! The container: a directory of tags, and one band of numbers in strips or tiles.
//!
//! Read by hand, since what makes a GeoTIFF hard are its packings: the released `tiff` crate refuses tiles in LZW that GDAL
//! writes (image-tiff issue 395). Classic TIFF and BigTIFF, in both byte orders (TIFF 6.0; predictor 3: Adobe's TIFF Technical
//! Note 3).

use super::super::file::io_error;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Tags that are asked for outside.
pub(super) const NODATA: u16 = 42113;
pub(super) const GDAL_METADATA: u16 = 42112;
pub(super) const PIXEL_SCALE: u16 = 33550;
pub(super) const TIE_POINT: u16 = 33922;
pub(super) const TRANSFORMATION: u16 = 34264;
pub(super) const GEO_KEYS: u16 = 34735;
pub(super) const GEO_ASCII: u16 = 34737;

/// Most bytes that a strip, a tile or the value of a tag may unpack to.
const MOST_BYTES: u64 = 256 << 20;

/// A file whose first image is one band of numbers.
pub(super) struct Tiff<'a> {
    path: &'a Path,
    file: BufReader<File>,
    is_little_endian: bool,
    entries: BTreeMap<u16, Entry>,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) chunk_width: usize,
    pub(super) chunk_height: usize,
    is_tiled: bool,
    compression: usize,
    predictor: usize,
    numbers: Numbers,
    offsets: Vec<f64>,
    counts: Vec<f64>,
}

/// The value of a tag: in the entry itself, or at a place in the file.
struct Entry {
    kind: u16,
    count: u64,
    place: Place,
}

enum Place {
    Here(Vec<u8>),
    At(u64),
}

/// How one number is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Unsigned(usize),
    Signed(usize),
    Floating(usize),
}

impl Numbers {
    fn bytes(self) -> usize {
        match self {
            Self::Unsigned(bytes) | Self::Signed(bytes) | Self::Floating(bytes) => bytes,
        }
    }

    /// The number that stands in the low bits.
    fn value(self, bits: u64) -> f64 {
        match self {
            Self::Unsigned(_) => bits as f64,
            Self::Signed(bytes) => {
                let unused = 64 - 8 * bytes as u32;
                ((bits << unused) as i64 >> unused) as f64
            }
            Self::Floating(4) => f64::from(f32::from_bits(bits as u32)),
            Self::Floating(_) => f64::from_bits(bits),
        }
    }
}

impl<'a> Tiff<'a> {
    pub(super) fn open(path: &'a Path) -> Result<Self> {
        let file = BufReader::new(File::open(path).map_err(|error| io_error(path, &error))?);
        let mut tiff = Self {
            path,
            file,
            is_little_endian: true,
            entries: BTreeMap::new(),
            width: 0,
            height: 0,
            chunk_width: 0,
            chunk_height: 0,
            is_tiled: false,
            compression: 1,
            predictor: 1,
            numbers: Numbers::Unsigned(1),
            offsets: Vec::new(),
            counts: Vec::new(),
        };
        tiff.read_directory()?;
        tiff.read_layout()?;
        Ok(tiff)
    }

    pub(super) fn refuse(&self, message: &str) -> Error {
        Error::new(ErrorKind::Format, message).in_layer(self.path.display().to_string())
    }

    fn broken(&self) -> Error {
        self.refuse("the file is no whole TIFF")
    }

    fn unknown(&self, what: &str) -> Error {
        self.refuse(&format!("a kind of TIFF that is not read: {what}"))
            .hint("`gdal_translate -co COMPRESS=DEFLATE` writes one that is")
    }

    fn read_at(&mut self, place: u64, count: u64) -> Result<Vec<u8>> {
        if count > MOST_BYTES {
            let error = self.refuse("a strip, a tile or a tag of the file is larger than 256 MB");
            return Err(error.hint("`gdal_translate -co TILED=YES` cuts it into tiles"));
        }
        let path = self.path;
        self.file.seek(SeekFrom::Start(place)).map_err(|error| io_error(path, &error))?;
        let mut bytes = Vec::new();
        let read = self.file.by_ref().take(count).read_to_end(&mut bytes);
        read.map_err(|error| io_error(path, &error))?;
        if bytes.len() as u64 == count { Ok(bytes) } else { Err(self.broken()) }
    }

    /// The whole number in so many bytes.
    fn whole(&self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        if self.is_little_endian { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) }
    }

    fn read_directory(&mut self) -> Result<()> {
        let header = self.read_at(0, 8)?;
        self.is_little_endian = match &header[..2] {
            b"II" => true,
            b"MM" => false,
            _ => return Err(self.broken()),
        };
        // Widths of the number of entries, of an entry, and of counts and places in it.
        let (place, many, entry, word) = match self.whole(&header[2..4]) {
            42 => (self.whole(&header[4..8]), 2, 12, 4),
            43 => {
                let place = self.read_at(8, 8)?;
                (self.whole(&place), 8, 20, 8)
            }
            _ => return Err(self.broken()),
        };
        let count = self.read_at(place, many)?;
        let count = self.whole(&count);
        let directory = self.read_at(place.saturating_add(many), count.saturating_mul(entry))?;
        for bytes in directory.chunks_exact(entry as usize) {
            let (tag, kind) = (self.whole(&bytes[..2]) as u16, self.whole(&bytes[2..4]) as u16);
            let count = self.whole(&bytes[4..4 + word]);
            let value = &bytes[4 + word..];
            let is_here = width_of(kind).is_some_and(|width| count.saturating_mul(width) <= word as u64);
            let place = if is_here { Place::Here(value.to_vec()) } else { Place::At(self.whole(value)) };
            self.entries.insert(tag, Entry { kind, count, place });
        }
        Ok(())
    }

    fn bytes_of(&mut self, tag: u16) -> Result<Option<(u16, Vec<u8>)>> {
        let Some(entry) = self.entries.get(&tag) else { return Ok(None) };
        let Some(width) = width_of(entry.kind) else { return Ok(None) };
        let (kind, length) = (entry.kind, entry.count.saturating_mul(width));
        let bytes = match &entry.place {
            Place::Here(bytes) => bytes[..length as usize].to_vec(),
            &Place::At(place) => self.read_at(place, length)?,
        };
        Ok(Some((kind, bytes)))
    }

    /// The numbers of a tag.
    pub(super) fn numbers(&mut self, tag: u16) -> Result<Option<Vec<f64>>> {
        let Some((kind, bytes)) = self.bytes_of(tag)? else { return Ok(None) };
        let (Some(width), Some(numbers)) = (width_of(kind), numbers_of(kind)) else {
            return Err(self.refuse(&format!("tag {tag} holds no numbers")));
        };
        Ok(Some(bytes.chunks_exact(width as usize).map(|one| numbers.value(self.whole(one))).collect()))
    }

    /// The text of a tag.
    pub(super) fn text(&mut self, tag: u16) -> Result<Option<String>> {
        let bytes = self.bytes_of(tag)?.map(|(_, bytes)| bytes);
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim_end_matches('\0').trim().to_owned()))
    }

    /// The first number of a tag as a count, or what stands for it where the tag is missing.
    fn count(&mut self, tag: u16, missing: Option<usize>) -> Result<usize> {
        match self
            .numbers(tag)?
            .and_then(|numbers| numbers.first().copied())
            .or(missing.map(|one| one as f64))
        {
            Some(number) if (0.0..=4e9).contains(&number) => Ok(number as usize),
            _ => Err(self.broken()),
        }
    }

    fn read_layout(&mut self) -> Result<()> {
        const PALETTE: usize = 3;
        (self.width, self.height) = (self.count(256, None)?, self.count(257, None)?);
        let bands = self.count(277, Some(1))?;
        if bands != 1 || self.count(262, Some(1))? == PALETTE {
            let error =
                self.refuse(&format!("the file holds {bands} bands or colours, not one band of numbers"));
            return Err(error.hint("`gdal_translate -b 1` keeps the first band"));
        }
        let (bits, format) = (self.count(258, Some(1))?, self.count(339, Some(1))?);
        self.numbers = match (format, bits) {
            (1, 8 | 16 | 32 | 64) => Numbers::Unsigned(bits / 8),
            (2, 8 | 16 | 32 | 64) => Numbers::Signed(bits / 8),
            (3, 32 | 64) => Numbers::Floating(bits / 8),
            _ => return Err(self.unknown(&format!("numbers of {bits} bits in format {format}"))),
        };
        (self.compression, self.predictor) = (self.count(259, Some(1))?, self.count(317, Some(1))?);
        self.is_tiled = self.entries.contains_key(&322);
        (self.chunk_width, self.chunk_height) = if self.is_tiled {
            (self.count(322, None)?, self.count(323, None)?)
        } else {
            (self.width, self.count(278, Some(self.height))?.min(self.height))
        };
        if [self.width, self.height, self.chunk_width, self.chunk_height].contains(&0) {
            return Err(self.broken());
        }
        let [offsets, counts] = if self.is_tiled { [324, 325] } else { [273, 279] };
        self.offsets = self.numbers(offsets)?.unwrap_or_default();
        self.counts = self.numbers(counts)?.unwrap_or_default();
        let chunks = self.width.div_ceil(self.chunk_width) * self.height.div_ceil(self.chunk_height);
        if self.offsets.len() < chunks || self.counts.len() < chunks {
            return Err(self.broken());
        }
        Ok(())
    }

    /// The numbers of a strip or tile, row by row, each [`Tiff::chunk_width`] long; `None` where it was left out.
    pub(super) fn chunk(&mut self, row: usize, column: usize) -> Result<Option<Vec<f64>>> {
        let number = row * self.width.div_ceil(self.chunk_width) + column;
        let (place, count) = (self.offsets[number] as u64, self.counts[number] as u64);
        if count == 0 {
            return Ok(None);
        }
        let packed = self.read_at(place, count)?;
        let rows = if self.is_tiled {
            self.chunk_height
        } else {
            self.chunk_height.min(self.height - row * self.chunk_height)
        };
        let row_bytes = self.chunk_width.saturating_mul(self.numbers.bytes());
        let length = row_bytes.saturating_mul(rows);
        if length as u64 > MOST_BYTES {
            return Err(self.broken());
        }
        let bytes = self.unpack(packed, length)?;
        let mut values = Vec::with_capacity(self.chunk_width * rows);
        for row in bytes.chunks_exact(row_bytes) {
            self.read_row(row, &mut values)?;
        }
        Ok(Some(values))
    }

    fn unpack(&self, packed: Vec<u8>, length: usize) -> Result<Vec<u8>> {
        let mut bytes = match self.compression {
            1 => packed,
            5 => unpack_lzw(&packed, length),
            8 | 32_946 => {
                let mut bytes = Vec::with_capacity(length);
                let mut reader = flate2::bufread::ZlibDecoder::new(&*packed).take(length as u64);
                reader.read_to_end(&mut bytes).map_err(|_| self.broken())?;
                bytes
            }
            32_773 => unpack_bits(&packed, length),
            other => return Err(self.unknown(&format!("compression {other}"))),
        };
        if bytes.len() < length {
            return Err(self.broken());
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Undoes the predictor of a row and reads its numbers.
    fn read_row(&self, row: &[u8], values: &mut Vec<f64>) -> Result<()> {
        let width = self.numbers.bytes();
        match self.predictor {
            1 => values.extend(row.chunks_exact(width).map(|one| self.numbers.value(self.whole(one)))),
            2 => {
                let mut sum: u64 = 0;
                for one in row.chunks_exact(width) {
                    sum = sum.wrapping_add(self.whole(one)) & (u64::MAX >> (64 - 8 * width as u32));
                    values.push(self.numbers.value(sum));
                }
            }
            3 if matches!(self.numbers, Numbers::Floating(_)) => {
                // Differences of bytes; first the high bytes of all numbers, then the next ones.
                let bytes: Vec<u8> = row
                    .iter()
                    .scan(0_u8, |sum, byte| {
                        *sum = sum.wrapping_add(*byte);
                        Some(*sum)
                    })
                    .collect();
                let count = row.len() / width;
                values.extend((0..count).map(|at| {
                    let bits =
                        (0..width).fold(0, |bits, plane| (bits << 8) | u64::from(bytes[plane * count + at]));
                    self.numbers.value(bits)
                }));
            }
            other => return Err(self.unknown(&format!("predictor {other}"))),
        }
        Ok(())
    }
}

/// Bytes of one number or letter of a type of tag; `None` for types that are not read.
fn width_of(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 => 4,
        12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

fn numbers_of(kind: u16) -> Option<Numbers> {
    let width = width_of(kind)? as usize;
    match kind {
        1 | 3 | 4 | 16 | 18 => Some(Numbers::Unsigned(width)),
        6 | 8 | 9 | 17 => Some(Numbers::Signed(width)),
        11 | 12 => Some(Numbers::Floating(width)),
        _ => None,
    }
}

/// LZW with the most significant bit first. Some writers leave out the code at the end: what fills the strip is all of it.
fn unpack_lzw(packed: &[u8], length: usize) -> Vec<u8> {
    let order = weezl::BitOrder::Msb;
    let configuration = weezl::decode::Configuration::with_tiff_size_switch(order, 8);
    let mut decoder = configuration.with_yield_on_full_buffer(true).build();
    let mut bytes = vec![0; length];
    let (mut read, mut written) = (0, 0);
    while written < length {
        let step = decoder.decode_bytes(&packed[read..], &mut bytes[written..]);
        if step.consumed_in == 0 && step.consumed_out == 0 {
            break;
        }
        read += step.consumed_in;
        written += step.consumed_out;
    }
    bytes.truncate(written);
    bytes
}

/// PackBits: a count of bytes that follow, or how often the next one repeats.
fn unpack_bits(mut packed: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length);
    while let Some((&head, rest)) = packed.split_first() {
        if bytes.len() >= length {
            break;
        }
        packed = match head as i8 {
            -128 => rest,
            head if head >= 0 => {
                let (taken, rest) = rest.split_at(rest.len().min(head as usize + 1));
                bytes.extend(taken);
                rest
            }
            head => match rest.split_first() {
                Some((&byte, rest)) => {
                    bytes.resize(bytes.len() + 1 + usize::from(head.unsigned_abs()), byte);
                    rest
                }
                None => rest,
            },
        };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::unpack_bits;

    #[test]
    fn bits_are_unpacked_as_long_as_there_are_any() {
        assert_eq!(unpack_bits(&[254, 7, 128, 1, 8, 9], 5), [7, 7, 7, 8, 9]);
        assert_eq!(unpack_bits(&[5, 1, 2], 6), [1, 2]);
        assert!(unpack_bits(&[255], 2).is_empty());
    }
}
