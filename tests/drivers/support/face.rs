//! Small faces with the names of an office's: boxes for some characters.

/// A name: platform, encoding, language, kind, and the text as that encoding writes it.
pub struct Name(pub u16, pub u16, pub u16, pub u16, pub Vec<u8>);

/// A name as Windows writes it, in Unicode: English or Chinese by its letters.
pub fn windows(kind: u16, text: &str) -> Name {
    let language = if text.is_ascii() { 0x409 } else { 0x804 };
    Name(3, 1, language, kind, text.encode_utf16().flat_map(u16::to_be_bytes).collect())
}

/// A TrueType file that draws `characters`.
pub fn face(names: &[Name], characters: &str) -> Vec<u8> {
    let mut drawn: Vec<u32> = characters.chars().map(u32::from).collect();
    drawn.sort_unstable();
    drawn.dedup();
    let glyphs = drawn.len() as u16 + 1;
    // One contour of four points, 0 and 800 units apart.
    let outline: Vec<u8> = [1, 0, 0, 800, 800, 3, 0]
        .into_iter()
        .flat_map(i16::to_be_bytes)
        .chain([1; 4])
        .chain([0_i16, 0, 800, 0, 0, 800, 0, -800].into_iter().flat_map(i16::to_be_bytes))
        .chain([0; 2])
        .collect();
    let size = outline.len() as u32;
    let head: [u16; 27] = [
        1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 800, 800, 0, 8, 2,
        1, 0,
    ];
    let hhea: [u16; 18] = [1, 0, 880, 65416, 0, 1000, 0, 0, 800, 1, 0, 0, 0, 0, 0, 0, 0, glyphs];
    let maxp: [u16; 16] = [1, 0, glyphs, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    let words = |words: &[u16]| -> Vec<u8> { words.iter().flat_map(|w| w.to_be_bytes()).collect() };
    let advances = (0..glyphs).flat_map(|_| [1000, 0]).collect::<Vec<u16>>();
    let offsets = (0..=u32::from(glyphs)).flat_map(|at| (at * size).to_be_bytes()).collect();
    file(&[
        (b"cmap", cmap(&drawn)),
        (b"glyf", outline.repeat(usize::from(glyphs))),
        (b"head", words(&head)),
        (b"hhea", words(&hhea)),
        (b"hmtx", words(&advances)),
        (b"loca", offsets),
        (b"maxp", words(&maxp)),
        (b"name", name_table(names)),
    ])
}

/// A segmented map of all of Unicode: each character its own glyph, from 1.
fn cmap(drawn: &[u32]) -> Vec<u8> {
    let mut table = Vec::new();
    for word in [0_u16, 1, 3, 10, 0, 12, 12, 0] {
        table.extend(word.to_be_bytes());
    }
    let count = drawn.len() as u32;
    for number in [16 + 12 * count, 0, count] {
        table.extend(number.to_be_bytes());
    }
    for (glyph, c) in (1_u32..).zip(drawn) {
        table.extend([*c, *c, glyph].into_iter().flat_map(u32::to_be_bytes));
    }
    table
}

fn name_table(names: &[Name]) -> Vec<u8> {
    let count = names.len() as u16;
    let mut table: Vec<u8> =
        [0, count, 6 + 12 * count].into_iter().flat_map(u16::to_be_bytes).collect();
    let mut texts: Vec<u8> = Vec::new();
    for Name(platform, encoding, language, kind, text) in names {
        let words = [*platform, *encoding, *language, *kind, text.len() as u16, texts.len() as u16];
        table.extend(words.into_iter().flat_map(u16::to_be_bytes));
        texts.extend(text);
    }
    table.extend(texts);
    table
}

fn file(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0, 1, 0, 0, 0, tables.len() as u8, 0, 0, 0, 0, 0, 0];
    let mut offset = (12 + 16 * tables.len()) as u32;
    for (tag, table) in tables {
        out.extend(*tag);
        out.extend([0, offset, table.len() as u32].into_iter().flat_map(u32::to_be_bytes));
        offset += table.len().next_multiple_of(4) as u32;
    }
    for (_, table) in tables {
        out.extend(table);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}
