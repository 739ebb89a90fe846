//! A4 and its margins, upright and turned.

use super::element::{Element, el};
use super::styles::{number, twips};
use crate::exchange::Trouble;
use crate::form::Form;

/// A4 in millimetres; a point in them.
const SHORT: f64 = 210.0;
const LONG: f64 = 297.0;
const POINT: f64 = 25.4 / 72.0;
/// Word's own margins, for a form that says nothing of them.
const MARGIN: f64 = 25.4;
/// Page numbers stand 7 mm under the text (GB/T 9704); what they and that take of the margin.
const FOOTER: f64 = 13.0;

/// Margins of an upright page in millimetres.
#[derive(Debug)]
pub struct Paper {
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
}

impl Paper {
    pub fn of(form: &Form) -> Result<Self, Trouble> {
        let Some(margins) = &form.manifest.value.document.margins else {
            return Ok(Self { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN });
        };
        let length = |text| number("页边", text);
        Ok(Self {
            top: length(&margins.top)?,
            bottom: length(&margins.bottom)?,
            left: length(&margins.left)?,
            right: length(&margins.right)?,
        })
    }

    /// The width between margins in points.
    pub fn width(&self, landscape: bool) -> f64 {
        match landscape {
            false => (SHORT - self.left - self.right) / POINT,
            true => (LONG - self.top - self.bottom) / POINT,
        }
    }

    /// The height of an upright page between margins in points.
    pub fn height(&self) -> f64 {
        (LONG - self.top - self.bottom) / POINT
    }

    /// Size and margins for a section's properties. A turned page is bound where the upright is.
    pub fn page(&self, landscape: bool) -> [Element; 2] {
        let length = |millimetres: f64| twips(millimetres / POINT);
        let (width, height, [top, right, bottom, left]) = match landscape {
            false => (SHORT, LONG, [self.top, self.right, self.bottom, self.left]),
            true => (LONG, SHORT, [self.left, self.top, self.right, self.bottom]),
        };
        let mut size = el("w:pgSz").attr("w:w", length(width)).attr("w:h", length(height));
        if landscape {
            size = size.attr("w:orient", "landscape");
        }
        let margins = el("w:pgMar")
            .attr("w:top", length(top))
            .attr("w:right", length(right))
            .attr("w:bottom", length(bottom))
            .attr("w:left", length(left))
            .attr("w:header", length(top / 2.0))
            .attr("w:footer", length((bottom - FOOTER).max(5.0)))
            .attr("w:gutter", 0);
        [size, margins]
    }
}
