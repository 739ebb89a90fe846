//! Faces of an office: found by every name, taken for the roles that the form knows them for, and
//! named where they are missing.

use crate::support::face::{Name, face, windows};
use crate::support::{self, making};

use std::path::Path;
use std::process::{Command, Output};

use yusuan::typeset::{Faces, Typesetter, Wishes};

const SOURCE: &str = "\
表式: shenzhen-2023
年度: 2023
金额: {单位: 万元, 小数: 0}
部门: {名称: 东港市某某局}
预算单位:
  - 性质: 行政单位
    收入: {一般公共预算拨款: 5}
    功能分类: [{编码: 2010301, 基本支出: 5}]
    经济分类: [{编码: 30101, 基本支出: 5}]
";

/// A folder with these faces.
fn folder(faces: &[Vec<u8>]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (at, face) in faces.iter().enumerate() {
        let path = folder.path().join(format!("{at}.ttf"));
        std::fs::write(path, face).expect("it can be written");
    }
    folder
}

fn load(folder: &Path) -> Faces {
    making::shown(Faces::load(&[folder.to_owned()]))
}

/// The families that draw a role, where the source says `chosen`.
fn drawn_with(faces: &Faces, role: &str, chosen: &str) -> Vec<String> {
    let form = making::shipped_form();
    let budget = making::shown(making::budget(&format!("{SOURCE}{chosen}")));
    let source = &budget.source;
    let roles = making::shown(faces.roles(&form.manifest.value, &source.value.fonts, &source.file));
    let (_, role) = roles.into_iter().find(|(name, _)| name.text == role).expect("a role");
    role.faces.into_iter().map(|face| face.name.text).collect()
}

#[test]
fn a_face_is_found_by_any_of_its_names() {
    let big5 = encoding_rs::BIG5.encode("標楷體").0.into_owned();
    let gbk = encoding_rs::GBK.encode("长风标宋").0.into_owned();
    let roman = b"Caf\x8e Sung".to_vec();
    let cases: [(Vec<Name>, &[&str]); 7] = [
        (vec![windows(1, "SimLi"), windows(1, "隶书")], &["SimLi", "隶书", "sim li", "SIM-LI"]),
        (vec![windows(1, "YuanTi"), windows(4, "圆体 细")], &["圆体细", "圆体_细", "圆体-细"]),
        (
            vec![windows(1, "CF Song B"), windows(6, "CFSB--GBK1-0")],
            &["CFSB--GBK1-0", "cfsbgbk10", "CFSB"],
        ),
        (vec![windows(1, "CF Song Bd"), windows(16, "CF Song")], &["CF Song", "cf-song-bd"]),
        (vec![Name(3, 3, 0x804, 1, gbk.clone())], &["长风标宋"]),
        (vec![Name(1, 25, 33, 1, gbk), windows(6, "CFBS")], &["长风标宋", "CFBS"]),
        (vec![Name(1, 2, 19, 1, big5), Name(1, 0, 0, 4, roman)], &["標楷體", "Café Sung"]),
    ];
    for (names, wanted) in cases {
        let folder = folder(&[face(&names, "东港")]);
        let faces = load(folder.path());
        let family = faces.all().iter().find(|font| font.info().coverage.iter().count() == 2);
        let family = family.expect("the face loads").info().family.clone();
        for name in wanted {
            let chosen = format!("字体: {{table: \"{name}\"}}\n");
            assert_eq!(drawn_with(&faces, "table", &chosen)[0], family, "{name}");
        }
    }
}

#[test]
fn the_form_takes_the_families_that_it_knows() {
    let known = [
        ("title", "方正小标宋_GBK"),
        ("title", "方正小标宋_GB18030"),
        ("title", "方正小标宋简体"),
        ("title", "汉仪小标宋简"),
        ("title", "FZXBSK--GBK1-0"),
        ("body", "仿宋_GB2312"),
        ("body", "方正仿宋_GBK"),
        ("level1", "方正黑体_GBK"),
        ("level2", "方正楷体_GB18030"),
        ("table", "simsun"),
        ("table", "方正书宋_GBK"),
        ("digits", "Times New Roman"),
    ];
    for (role, name) in known {
        let folder = folder(&[face(&[windows(1, "Own"), windows(4, name)], "东港")]);
        assert_eq!(drawn_with(&load(folder.path()), role, "")[0], "Own", "{name}");
    }
    // Faces of traditional characters draw 东 as 東.
    let folder = folder(&[face(&[windows(1, "FZXBSFW"), windows(1, "方正小标宋繁体")], "东港")]);
    assert_eq!(drawn_with(&load(folder.path()), "title", ""), ["Noto Serif SC"]);
}

#[test]
fn where_one_own_family_ends_the_next_draws() {
    let narrow = face(&[windows(1, "FangSong_GB2312"), windows(1, "仿宋_GB2312")], "东港");
    let wide = face(&[windows(1, "FangSong"), windows(1, "仿宋")], "东港㐂");
    let folder = folder(&[wide, narrow]);
    let drawn = drawn_with(&load(folder.path()), "body", "字体: {body: 仿宋_GB2312}\n");
    assert_eq!(drawn[..2], ["FangSong_GB2312", "FangSong"]);
}

/// What no face draws in a report laid out with a folder's faces, and its Typst files.
fn laid_out(folder: &Path, department: &str, stock: bool) -> (Vec<String>, String) {
    let made = support::make(&SOURCE.replace("东港市某某局", department));
    let typesetter = Typesetter::new(load(folder));
    let wishes = Wishes { stock, ..Wishes::default() };
    let chosen = &made.budget.source.value.fonts;
    let laid_out = typesetter.typeset_with(&made.form, &made.report, chosen, wishes);
    let (pages, _) = making::shown(laid_out);
    let files = typesetter.files(&made.form, &pages);
    let texts = files.into_iter().map(|(_, text)| String::from_utf8(text).expect("text"));
    (pages.missing.iter().map(|one| one.text.clone()).collect(), texts.collect())
}

#[test]
fn extensions_draw_what_is_rare() {
    let rare = "\u{20BB7}\u{2B000}";
    let department = format!("东港{rare}局");
    let none = folder(&[]);
    assert!(!laid_out(none.path(), &department, false).0.is_empty());
    let extended = face(&[windows(1, "宋体-ExtB"), windows(6, "SimSun-ExtB")], "\u{20BB7}");
    let unheard_of = face(&[windows(1, "Quaint Hand")], "\u{2B000}");
    let both = folder(&[extended, unheard_of]);
    let (missing, files) = laid_out(both.path(), &department, true);
    assert_eq!(missing, [""; 0]);
    assert!(files.contains("SimSun-ExtB") && files.contains("Quaint Hand"));
    // They are asked only for what nothing else draws.
    assert!(!laid_out(both.path(), "东港局", true).1.contains("Quaint Hand"));
}

#[test]
fn the_regular_face_helps_the_bold_one() {
    // Noto Serif SC draws 龘 in its regular weight alone.
    let none = folder(&[]);
    assert_eq!(laid_out(none.path(), "东港龘局", false).0, [""; 0]);
    // The stock compiler knows no second face of a family: it would print a box, and that is told.
    let (missing, files) = laid_out(none.path(), "东港龘局", true);
    assert!(missing.iter().all(|text| text == "龘") && !missing.is_empty());
    assert!(!files.contains("Noto Serif SC Regular"));
    // A face whose name only this program reads is none for the stock compiler either.
    let gbk = encoding_rs::GBK.encode("方正小标宋_GBK").0.into_owned();
    let old = folder(&[face(&[Name(3, 3, 0x804, 1, gbk)], "东港局")]);
    assert!(laid_out(old.path(), "东港局", false).1.contains("方正小标宋_GBK"));
    assert!(!laid_out(old.path(), "东港局", true).1.contains("方正小标宋_GBK"));
}

fn run(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_yusuan"));
    let output = program.args(arguments).current_dir(folder).output().expect("the program runs");
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    (output, String::from_utf8(said).expect("it says UTF-8"))
}

#[test]
fn check_tells_of_characters_as_build_does() {
    let own = folder(&[face(&[windows(1, "SimSun-ExtB"), windows(6, "SimSun-ExtB")], "\u{20BB7}")]);
    let at = own.path();
    let write = |text: &str| std::fs::write(at.join("a.yaml"), text).expect("it can be written");
    write(&SOURCE.replace("某某", "\u{20BB7}"));
    assert!(run(at, &["check", "a.yaml"]).1.contains("错误[P01]"));
    assert!(!run(at, &["check", "a.yaml", "--fonts", "."]).1.contains("P01"));
    write(&SOURCE.replace("某某", "龘"));
    assert!(!run(at, &["check", "a.yaml"]).1.contains("P01"));
    write(&format!("{SOURCE}字体: {{table: 隶书}}\n"));
    assert!(run(at, &["check", "a.yaml"]).1.contains("没有“隶书”这个字体"));
}

#[test]
fn missing_faces_are_named() {
    let own = folder(&[
        face(&[windows(1, "Own"), windows(4, "宋体")], "东港"),
        face(&[windows(1, "SimSun-ExtB"), windows(6, "SimSun-ExtB")], "\u{20BB7}"),
    ]);
    let said = run(own.path(), &["fonts", "--fonts", "."]).1;
    assert!(said.contains("缺 方正小标宋简体、方正小标宋_GBK"), "{said}");
    let table = said.split_once("table（宋体）").expect("the role is listed").1;
    assert!(table.starts_with("\n  有 Own\n  有 Noto Serif SC\n补字"), "{said}");
    assert!(table.contains("有 SimSun-ExtB"), "{said}");
}

#[test]
fn verify_says_that_faces_are_missing() {
    let everything: String = ('\u{4E00}'..'\u{9FA6}').chain("（）：，。、年“”—·".chars()).collect();
    let own = folder(&[face(&[windows(1, "SimLi"), windows(1, "隶书")], &everything)]);
    let at = own.path();
    for chosen in ["字体: {table: 隶书}\n", ""] {
        let source = support::text("input/2023.yaml") + chosen;
        std::fs::write(at.join("a.yaml"), source).expect("it can be written");
        let name = if chosen.is_empty() { "宋体" } else { "隶书" };
        let named = face(&[windows(1, "SimLi"), windows(1, name)], &everything);
        std::fs::write(at.join("0.ttf"), named).expect("it can be written");
        let (output, said) =
            run(at, &["build", "a.yaml", "--attach", "--fonts", ".", "-o", "a.pdf"]);
        assert!(output.status.success(), "{said}");
        let said = run(at, &["verify", "a.pdf"]).1;
        assert!(said.contains("a.pdf：核对不了，生成时用的字体这里没有"), "{said}");
        assert!(said.contains("--fonts"), "{said}");
        let said = run(at, &["verify", "a.pdf", "--fonts", "."]).1;
        assert!(said.contains("：相符"), "{said}");
    }
}
