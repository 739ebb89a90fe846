//! Faces, borders and alignments of the workbook's cells.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::Align;

/// The face that every Chinese Excel has.
const FACE: &str = "宋体";
const TITLE_SIZE: f64 = 16.0;
const SMALL: f64 = 10.5;
const MUTED: Color = Color::RGB(0x80_80_80);
const SHADE: Color = Color::RGB(0xF2_F2_F2);

/// The looks that all sheets share.
pub struct Looks {
    pub title: Format,
    pub line: Format,
    pub line_right: Format,
    pub note: Format,
    /// Heads of the sheets of facts, their texts, what is not to be edited, and amounts.
    pub head: Format,
    pub text: Format,
    pub muted: Format,
    pub amount: Format,
}

impl Default for Looks {
    fn default() -> Self {
        let plain = Format::new().set_font_name(FACE).set_font_size(SMALL);
        let middle = plain.clone().set_align(FormatAlign::VerticalCenter);
        let framed = middle.clone().set_border(FormatBorder::Thin).set_border_color(MUTED);
        let as_text = framed.clone().set_num_format("@");
        Self {
            title: middle
                .clone()
                .set_font_size(TITLE_SIZE)
                .set_bold()
                .set_align(FormatAlign::Center),
            line: middle.clone(),
            line_right: middle.clone().set_align(FormatAlign::Right),
            note: middle.clone().set_text_wrap(),
            head: middle
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_background_color(SHADE)
                .set_border(FormatBorder::Thin),
            text: as_text.clone(),
            muted: as_text.set_font_color(MUTED),
            amount: framed,
        }
    }
}

/// A cell of an official table.
pub fn cell(size: f64, align: Align, indent: usize) -> Format {
    let align = match align {
        Align::Left => FormatAlign::Left,
        Align::Center => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
    };
    let format = Format::new()
        .set_font_name(FACE)
        .set_font_size(size)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(align)
        .set_align(FormatAlign::VerticalCenter);
    match u8::try_from(indent) {
        Ok(indent) if indent > 0 => format.set_indent(indent),
        _ => format,
    }
}
