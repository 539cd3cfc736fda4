//! Files by hand: a grid of two by three cells and what may go wrong with it.

use super::*;
use crate::ErrorKind;
use std::io::Write;

/// Tag, type (2 text, 3 short, 4 long, 12 double) and value in bytes.
type Entry = (u16, u16, Vec<u8>);

fn shorts(tag: u16, values: &[u16]) -> Entry {
    (tag, 3, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

fn doubles(tag: u16, values: &[f64]) -> Entry {
    (tag, 12, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

fn text(tag: u16, value: &str) -> Entry {
    (tag, 2, format!("{value}\0").into_bytes())
}

/// A little-endian TIFF of `chunks`, whose places and sizes go into the tags `at` and `at + 1` or 279.
fn tiff(mut entries: Vec<Entry>, chunks: &[Vec<u8>], tiled: bool) -> Vec<u8> {
    let mut bytes = b"II\x2a\0\0\0\0\0".to_vec();
    let longs = |tag: u16, values: &[usize]| -> Entry {
        (tag, 4, values.iter().flat_map(|&value| (value as u32).to_le_bytes()).collect())
    };
    let mut places = Vec::new();
    for chunk in chunks {
        places.push(if chunk.is_empty() { 0 } else { bytes.len() });
        bytes.extend(chunk);
    }
    let sizes: Vec<usize> = chunks.iter().map(Vec::len).collect();
    let [place_tag, size_tag] = if tiled { [324, 325] } else { [273, 279] };
    entries.extend([longs(place_tag, &places), longs(size_tag, &sizes)]);
    entries.sort();
    let mut directory = (entries.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, mut value) in entries {
        let width = [1, 1, 2, 4, 8, 8][[1, 2, 3, 4, 5, 12].iter().position(|one| *one == kind).unwrap()];
        let count = (value.len() / width) as u32;
        directory.extend(tag.to_le_bytes());
        directory.extend(kind.to_le_bytes());
        directory.extend(count.to_le_bytes());
        if value.len() > 4 {
            let place = bytes.len() as u32;
            bytes.extend(value);
            value = place.to_le_bytes().to_vec();
        }
        value.resize(4, 0);
        directory.extend(value);
    }
    directory.extend([0; 4]);
    let place = bytes.len() as u32;
    bytes[4..8].copy_from_slice(&place.to_le_bytes());
    bytes.extend(directory);
    bytes
}

/// Bits, sample format (1 whole, 2 signed, 3 floating), compression; cells of 10 m from (500,000, 6,000,020) south-eastward.
fn tags(bits: u16, format: u16, compression: u16) -> Vec<Entry> {
    vec![
        shorts(256, &[3]),
        shorts(257, &[2]),
        shorts(258, &[bits]),
        shorts(259, &[compression]),
        shorts(262, &[1]),
        shorts(277, &[1]),
        shorts(339, &[format]),
        doubles(33550, &[10.0, 10.0, 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, 500_000.0, 6_000_020.0, 0.0]),
        shorts(34735, &[1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32722]),
    ]
}

fn with(mut entries: Vec<Entry>, entry: Entry) -> Vec<Entry> {
    entries.retain(|(tag, ..)| *tag != entry.0);
    entries.push(entry);
    entries
}

fn without(mut entries: Vec<Entry>, tag: u16) -> Vec<Entry> {
    entries.retain(|entry| entry.0 != tag);
    entries
}

fn read(bytes: &[u8], crs: Option<&str>) -> Result<(Elevation, Findings)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let extent = Rect::new(Coord { x: 500_000.0, y: 6_000_000.0 }, Coord { x: 500_030.0, y: 6_000_020.0 });
    let crs = crs.map(|crs| Crs::new(crs).unwrap());
    read_elevation(file.path(), crs, extent, &Crs::new("EPSG:32722").unwrap())
}

/// Heights at the centres of the six cells.
fn cells(elevation: &Elevation) -> Vec<Option<f64>> {
    let centres = [15.0, 5.0].into_iter().flat_map(|y| [5.0, 15.0, 25.0].map(|x| (x, y)));
    centres.map(|(x, y)| elevation.at(Coord { x: 500_000.0 + x, y: 6_000_000.0 + y })).collect()
}

const PLAIN: [Option<f64>; 6] = [Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0), None];

/// Six bytes in one strip, the last one missing.
fn bytes_in_a_strip() -> Vec<Entry> {
    with(with(tags(8, 1, 1), shorts(278, &[2])), text(42113, "255"))
}

#[test]
fn bytes_in_strips_and_a_missing_value_that_is_not_zero() {
    let chunk = vec![1, 2, 3, 4, 5, 255];
    let (elevation, findings) = read(&tiff(bytes_in_a_strip(), &[chunk], false), None).unwrap();
    assert_eq!(cells(&elevation), PLAIN);
    assert!(findings.is_empty());
    let rows = with(bytes_in_a_strip(), shorts(278, &[1]));
    let (elevation, _) = read(&tiff(rows, &[vec![1, 2, 3], vec![4, 5, 255]], false), None).unwrap();
    assert_eq!(cells(&elevation), PLAIN);
}

#[test]
fn numbers_in_packed_tiles_of_which_one_was_left_out() {
    // Tiles of 16 by 16 cells, of which the grid of 20 by 2 uses a corner each; the second holds nothing.
    let mut tile = vec![0_i16; 256];
    for (cell, height) in [(0, 1), (1, 2), (2, 3), (16, 4), (17, 5), (18, -9999)] {
        tile[cell] = height;
    }
    let raw: Vec<u8> = tile.iter().flat_map(|height| height.to_le_bytes()).collect();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&raw).unwrap();
    let tiled = [shorts(256, &[20]), shorts(322, &[16]), shorts(323, &[16])];
    let entries = tiled.into_iter().fold(tags(16, 2, 8), with);
    let bytes = tiff(entries, &[packed.finish().unwrap(), Vec::new()], true);
    let (elevation, findings) = read(&bytes, None).unwrap();
    assert_eq!(cells(&elevation), PLAIN);
    // -9999 was not declared as missing, but is no height either.
    assert!(findings.iter().next().unwrap().to_string().contains("1 cells hold no height"));
}

#[test]
fn floating_numbers_in_lzw_whose_tie_point_is_a_centre() {
    let heights = [1.0, 2.0, 3.0, 4.0, 5.0, f32::NAN];
    // Predictor 3: the high bytes of a row, then the next ones, each less the byte before.
    let mut raw = Vec::new();
    for row in heights.chunks(3) {
        let planes: Vec<u8> =
            (0..4).flat_map(|plane| row.iter().map(move |height| height.to_be_bytes()[plane])).collect();
        raw.extend(
            (0..planes.len())
                .map(|at| if at == 0 { planes[0] } else { planes[at].wrapping_sub(planes[at - 1]) }),
        );
    }
    let mut packed =
        weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(&raw).unwrap();
    let centre = doubles(33922, &[0.0, 0.0, 0.0, 500_005.0, 6_000_015.0, 0.0]);
    let keys = shorts(34735, &[1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 2, 3072, 0, 1, 32722]);
    let entries = [shorts(278, &[2]), shorts(317, &[3]), centre, keys].into_iter().fold(tags(32, 3, 5), with);
    let (elevation, _) = read(&tiff(entries.clone(), &[packed.clone()], false), None).unwrap();
    assert_eq!(cells(&elevation), PLAIN);
    // Without the code at the end, as some write it.
    packed.pop();
    let (elevation, _) = read(&tiff(entries, &[packed], false), None).unwrap();
    assert_eq!(cells(&elevation), PLAIN);
}

#[test]
fn differences_of_signed_numbers_in_packbits() {
    // 1 2 3, then 4 5 and the missing one: differences, each row of six bytes as it is.
    let raw: Vec<u8> = [1_i16, 1, 1, 4, 1, -14].iter().flat_map(|step| step.to_le_bytes()).collect();
    let mut packed = vec![11];
    packed.extend(raw);
    let entries =
        [shorts(278, &[2]), shorts(317, &[2]), text(42113, "-9")].into_iter().fold(tags(16, 2, 32773), with);
    let (elevation, _) = read(&tiff(entries, &[packed], false), None).unwrap();
    assert_eq!(cells(&elevation), PLAIN);
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_the_reason() {
    let strip = [vec![1, 2, 3, 4, 5, 6]];
    let good = bytes_in_a_strip;
    let file = |entries: Vec<Entry>| tiff(entries, &strip, false);
    let keys = |values: &[u16]| shorts(34735, values);
    let rotated =
        doubles(34264, &[10.0, 1.0, 0.0, 0.0, 1.0, -10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    let elsewhere = doubles(33922, &[0.0, 0.0, 0.0, 900_000.0, 6_000_020.0, 0.0]);
    let feet = [1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32722, 4099, 0, 1, 9003];
    let cut = file(good())[..40].to_vec();
    for (bytes, kind, reason) in [
        (b"no tiff at all".to_vec(), ErrorKind::Format, "no whole TIFF"),
        (cut, ErrorKind::Format, "no whole TIFF"),
        (file(without(good(), 33922)), ErrorKind::Format, "where its cells lie"),
        (file(with(without(without(good(), 33922), 33550), rotated)), ErrorKind::Format, "rotated"),
        (file(with(good(), elsewhere)), ErrorKind::Geometry, "elsewhere"),
        (file(without(good(), 34735)), ErrorKind::Crs, "does not name its system"),
        (file(with(good(), keys(&[1, 1, 0, 1, 1024, 0, 1, 3]))), ErrorKind::Format, "neither projected nor"),
        (file(with(good(), keys(&feet))), ErrorKind::Format, "another unit"),
        (file(with(good(), text(42113, "none"))), ErrorKind::Format, "no number"),
        (file(with(good(), shorts(259, &[50000]))), ErrorKind::Format, "not read"),
        (file(with(good(), shorts(277, &[3]))), ErrorKind::Format, "3 bands"),
        (file(with(good(), shorts(258, &[12]))), ErrorKind::Format, "12 bits"),
        (tiff(good(), &[vec![1, 2]], false), ErrorKind::Format, "no whole TIFF"),
        (file(with(good(), text(42112, "<Item role=\"scale\">0.1</Item>"))), ErrorKind::Format, "scaled"),
    ] {
        let error = read(&bytes, None).unwrap_err();
        assert!(error.kind() == kind && error.to_string().contains(reason), "{reason}: {error}");
    }
    let unnamed = file(without(good(), 34735));
    assert_eq!(cells(&read(&unnamed, Some("EPSG:32722")).unwrap().0)[0], Some(1.0));
    assert_eq!(read(&file(good()), Some("EPSG:4326")).unwrap_err().kind(), ErrorKind::Crs);
}
