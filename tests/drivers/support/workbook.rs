//! Workbooks as a hand would leave them.

use std::io::{Cursor, Read, Write};

use regex::Regex;
use yusuan::exchange::import;

/// What a hand does to a sheet.
#[derive(Debug)]
pub enum Hand<'a> {
    /// Another content of a cell, in XML.
    Put(&'a str, &'a str, String),
    /// A row below the others, of texts and numbers.
    Add(&'a str, Vec<&'a str>),
    /// A row that goes, by its number; those below move up.
    Delete(&'a str, u32),
}

impl Hand<'_> {
    fn sheet(&self) -> &str {
        match self {
            Self::Put(sheet, ..) | Self::Add(sheet, _) | Self::Delete(sheet, _) => sheet,
        }
    }

    fn on(&self, xml: &str) -> String {
        match self {
            Self::Put(sheet, cell, content) => {
                let pattern = format!(r#"<c r="{cell}"( s="\d+")?( t="\w+")?(/>|>.*?</c>)"#);
                let pattern = Regex::new(&pattern).expect("it is a pattern");
                assert!(pattern.is_match(xml), "{sheet} has no {cell}");
                let kind = if content.starts_with("<is>") { " t=\"inlineStr\"" } else { "" };
                let put = format!(r#"<c r="{cell}"$1{kind}>{content}</c>"#);
                pattern.replace(xml, put.as_str()).into_owned()
            }
            Self::Add(_, cells) => {
                let number = xml.matches("<row ").count() + 1;
                let cells: String = (b'A'..)
                    .zip(cells)
                    .filter(|(_, cell)| !cell.is_empty())
                    .map(|(column, cell)| {
                        let name = format!("{}{number}", char::from(column));
                        match cell.parse::<f64>() {
                            Ok(_) => format!(r#"<c r="{name}"><v>{cell}</v></c>"#),
                            Err(_) => format!(r#"<c r="{name}" t="inlineStr">{}</c>"#, text(cell)),
                        }
                    })
                    .collect();
                let row = format!(r#"<row r="{number}">{cells}</row></sheetData>"#);
                xml.replace("</sheetData>", &row)
            }
            Self::Delete(sheet, row) => {
                let pattern = format!(r#"<row r="{row}".*?</row>"#);
                let pattern = Regex::new(&pattern).expect("it is a pattern");
                assert!(pattern.is_match(xml), "{sheet} has no row {row}");
                let xml = pattern.replace(xml, "");
                let places = Regex::new(r#"<(row r="|c r="[A-Z]+)(\d+)""#).expect("a pattern");
                let up = |place: &regex::Captures<'_>| {
                    let number: u32 = place[2].parse().expect("a row has a number");
                    format!("<{}{}\"", &place[1], if number > *row { number - 1 } else { number })
                };
                places.replace_all(&xml, up).into_owned()
            }
        }
    }
}

/// A text as the content of a cell.
pub fn text(text: &str) -> String {
    format!("<is><t>{text}</t></is>")
}

/// The workbook after hands were laid on it.
pub fn edited(workbook: &[u8], hands: &[Hand<'_>]) -> Vec<u8> {
    let mut parts = parts(workbook);
    let book = import::open(workbook).expect("it can be opened");
    for hand in hands {
        let nth = book.sheets.iter().position(|have| have.name == hand.sheet());
        let nth = nth.unwrap_or_else(|| panic!("there is no {}", hand.sheet()));
        let name = format!("xl/worksheets/sheet{}.xml", nth + 1);
        let (_, xml) = parts.iter_mut().find(|(have, _)| *have == name).expect("it has the part");
        *xml = hand.on(std::str::from_utf8(xml).expect("XML is UTF-8")).into_bytes();
    }
    packed(parts)
}

/// The workbook with another number format.
pub fn reformatted(workbook: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut parts = parts(workbook);
    let (_, styles) = parts.iter_mut().find(|(name, _)| name == "xl/styles.xml").expect("styles");
    let xml = std::str::from_utf8(styles).expect("XML is UTF-8");
    let [old, new] = [old, new].map(|code| format!("formatCode=\"{code}\""));
    assert!(xml.contains(&old), "no {old}");
    *styles = xml.replace(&old, &new).into_bytes();
    packed(parts)
}

fn parts(workbook: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("it is an archive");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("it has this part");
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("it can be read");
        parts.push((part.name().expect("it has a name").into_owned(), content));
    }
    parts
}

fn packed(parts: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).expect("a part can be begun");
        writer.write_all(&content).expect("a part can be written");
    }
    writer.finish().expect("it can be finished").into_inner()
}

/// The widths of the columns of each sheet, in characters.
pub fn widths(workbook: &[u8]) -> Vec<Vec<f64>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("it is an archive");
    let column = Regex::new(r#"<col min="(\d+)" max="(\d+)" width="([\d.]+)""#).expect("a pattern");
    let mut sheets = Vec::new();
    while let Ok(mut sheet) =
        archive.by_name(&format!("xl/worksheets/sheet{}.xml", sheets.len() + 1))
    {
        let mut xml = String::new();
        sheet.read_to_string(&mut xml).expect("it is text");
        let mut widths = Vec::new();
        for found in column.captures_iter(&xml) {
            let [first, last]: [usize; 2] =
                [1, 2].map(|at| found[at].parse().expect("a column has a number"));
            let width: f64 = found[3].parse().expect("a width is a number");
            widths.extend(std::iter::repeat_n(width, last - first + 1));
        }
        sheets.push(widths);
    }
    sheets
}
