//! Every role can draw what reports are made of, and a character that it cannot draw is found.

use crate::support;

use std::collections::BTreeSet;

use yusuan::form::Form;
use yusuan::source::scalar::Entries;
use yusuan::typeset::{Faces, Typesetter};

/// 通用规范汉字 lie here but for the rarest; GB 2312 is the part that every office font has.
fn gb2312() -> impl Iterator<Item = char> {
    let rows = 0xB0..=0xF7_u8;
    let pairs = rows.flat_map(|row| (0xA1..=0xFE_u8).map(move |cell| [row, cell]));
    pairs.filter_map(|pair| {
        let (text, _, wrong) = encoding_rs::GBK.decode(&pair);
        if wrong { None } else { text.chars().next().filter(|c| *c < '\u{E000}') }
    })
}

fn form_texts() -> BTreeSet<char> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/shenzhen-2023");
    let mut texts = BTreeSet::new();
    let mut waiting = vec![root];
    while let Some(path) = waiting.pop() {
        for entry in std::fs::read_dir(path).expect("the form is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_none_or(|ending| ending != "typ")
                // What platforms write, and what texts are searched for, is never printed.
                && path.file_name().is_none_or(|name| name != "import.yaml" && name != "rules.yaml")
            {
                texts.extend(std::fs::read_to_string(&path).expect("it is text").chars());
            }
        }
    }
    texts
}

#[test]
fn every_role_draws_the_usual_characters_and_the_form_s_own() {
    let faces = Faces::load(&[]).expect("the shipped faces load");
    let form = Form::load("shenzhen-2023", &[]).expect("the form is sound");
    let none = Entries::default();
    let roles = faces
        .roles(&form.manifest.value, &none, &form.manifest.file)
        .expect("the shipped faces are there");
    let wanted: BTreeSet<char> = gb2312().chain(form_texts()).filter(|c| !c.is_control()).collect();
    assert!(wanted.len() > 6_700, "{}", wanted.len());
    let digits = &roles.iter().find(|(name, _)| name.text == "digits").expect("a role").1;
    for (name, role) in roles.iter().filter(|(name, _)| name.text != "digits") {
        let drawn_by = digits.faces.iter().chain(&role.faces).map(|face| {
            let found =
                faces.all().iter().find(|font| font.info().family == face.name.text.as_str());
            found.unwrap_or_else(|| panic!("{} is shipped", face.name.text))
        });
        let drawn_by: Vec<_> = drawn_by.collect();
        let missing: String = wanted
            .iter()
            .filter(|c| !drawn_by.iter().any(|font| font.info().coverage.contains(**c as u32)))
            .collect();
        assert_eq!(missing, "", "{} cannot draw these", name.text);
    }
}

#[test]
fn a_character_without_a_glyph_is_found_where_it_was_typed() {
    let yaml = support::text("input/2023.yaml").replace("综合部, 统筹", "综合𰻞部, 统筹");
    let made = support::make(&yaml);
    let typesetter = Typesetter::new(Faces::load(&[]).expect("the shipped faces load"));
    let chosen = &made.budget.source.value.fonts;
    let (pages, _) =
        typesetter.typeset(&made.form, &made.report, chosen, None).expect("it can be laid out");
    let findings = pages.missing_glyphs(&made.report);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, "P01");
    assert!(findings[0].message.contains("U+30EDE"), "{}", findings[0].message);
    let spot = findings[0].spot.as_ref().expect("it has a place");
    assert_eq!(&spot.file.text[spot.range.clone()], "𰻞");
}
