//! The measure for `yusuan import`: calamine alone reads every cell of a workbook.

use calamine::{Reader, Xlsx, open_workbook};

fn main() {
    let path = std::env::args().nth(1).expect("the path of a workbook");
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    let mut cells = 0;
    for (_, range) in workbook.worksheets() {
        cells += range.used_cells().count();
    }
    assert!(cells > 0, "an empty workbook measures nothing");
}
