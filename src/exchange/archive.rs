//! What a ZIP archive says of the system that made it: the same everywhere.

use std::io::{Error, ErrorKind};

/// Unix, in the upper byte of “version made by” (APPNOTE 4.4.2).
const UNIX: u8 = 3;
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";

/// The archive as made on Unix, whatever system it was made on.
pub fn of_one_system(mut archive: Vec<u8>) -> Result<Vec<u8>, Error> {
    let broken = || Error::new(ErrorKind::InvalidData, "an archive without a directory");
    let end = archive.windows(END.len()).rposition(|at| at == END).ok_or_else(broken)?;
    let entries = number(&archive, end + 10, 2).ok_or_else(broken)?;
    let mut at = number(&archive, end + 16, 4).ok_or_else(broken)?;
    for _ in 0..entries {
        if archive.get(at..at + ENTRY.len()) != Some(ENTRY) {
            return Err(broken());
        }
        archive[at + 5] = UNIX;
        let length = |field| number(&archive, at + field, 2);
        let (name, extra, comment) = (length(28), length(30), length(32));
        at += 46 + [name, extra, comment].into_iter().flatten().sum::<usize>();
    }
    Ok(archive)
}

/// A little-endian number of so many bytes.
fn number(archive: &[u8], at: usize, bytes: usize) -> Option<usize> {
    let bytes = archive.get(at..at + bytes)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
