//! Writing into cells: amounts as numbers, everything else as text, merged where it spans.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};

use crate::exchange::stored::Stored;

/// The cells that a value covers, from its first row and column.
#[derive(Clone, Copy)]
pub struct Block {
    pub row: u32,
    pub column: u16,
    pub rows: u32,
    pub columns: u16,
}

impl Block {
    /// One row, from one column up to another.
    pub fn line(row: u32, column: u16, columns: u16) -> Self {
        Self { row, column, rows: 1, columns }
    }
}

/// Writes a value, as a formula whose result it is where there is one.
pub fn put(
    sheet: &mut Worksheet,
    block: Block,
    value: &Stored,
    formula: Option<&str>,
    look: &Format,
) -> Result<(), XlsxError> {
    let Block { row, column, rows, columns } = block;
    if rows > 1 || columns > 1 {
        sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", look)?;
    }
    match value {
        Stored::Blank => sheet.write_blank(row, column, look)?,
        Stored::Text(text) => sheet.write_string_with_format(row, column, text, look)?,
        Stored::Number(number) => {
            let look = look.clone().set_num_format(&number.shows_as);
            match formula {
                Some(formula) => {
                    let formula = Formula::new(formula).set_result(number.value.to_string());
                    sheet.write_formula_with_format(row, column, formula, &look)?
                }
                None => sheet.write_number_with_format(row, column, double(number.value), &look)?,
            }
        }
    };
    Ok(())
}

/// The double that is nearest to a decimal, as Excel reads it from its digits.
pub fn double(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or_default()
}
