//! Reads a rendered chapter: headings (`=`, `==` …), paragraphs between blank lines, and tables
//! between lines of `|===`.

use super::grid;
use super::pen::Pen;
use crate::marks;
use crate::report::{Block, Grid, Line, Piece, plain};

/// The line before and behind a table, as in AsciiDoc.
const FENCE: &str = "|===";

/// The blocks of a rendered chapter. Errors name what is wrong with a table in it.
pub fn blocks(rendered: &str, pen: &Pen) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    let mut lines = marks::split_outside(rendered, '\n').into_iter();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let level = line.bytes().take_while(|&b| b == b'=').count();
        if line == FENCE {
            finish(&mut paragraph, pen, &mut blocks);
            let inside: Vec<&str> =
                lines.by_ref().take_while(|line| line.trim() != FENCE).collect();
            blocks.push(Block::Table(table(&inside, pen)?));
        } else if level > 0 && line[level..].starts_with(' ') {
            finish(&mut paragraph, pen, &mut blocks);
            blocks.push(Block::Heading(level, pen.line(line[level..].trim())));
        } else if line.is_empty() {
            finish(&mut paragraph, pen, &mut blocks);
        } else {
            paragraph.push_str(line);
        }
    }
    finish(&mut paragraph, pen, &mut blocks);
    Ok(blocks)
}

fn table(lines: &[&str], pen: &Pen) -> Result<Grid, String> {
    let (grid, notes) = grid::parse(lines.iter().copied(), pen)?;
    if notes.is_empty() { Ok(grid) } else { Err("正文里的表没有注".to_owned()) }
}

/// Ends a paragraph. A line end inside a value of the source starts another one.
fn finish(paragraph: &mut String, pen: &Pen, blocks: &mut Vec<Block>) {
    for line in split_lines(&pen.line(paragraph)) {
        if !plain(&line).trim().is_empty() {
            blocks.push(Block::Paragraph(line));
        }
    }
    paragraph.clear();
}

fn split_lines(line: &[Piece]) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    for piece in line {
        for (at, text) in piece.text.split('\n').enumerate() {
            if at > 0 {
                lines.push(Line::new());
            }
            if let Some(last) = lines.last_mut()
                && (!text.is_empty() || piece.text.is_empty())
            {
                last.push(Piece { text: text.to_owned(), origin: piece.origin.clone() });
            }
        }
    }
    lines
}
