//! `yusuan verify`: whether a PDF is exactly what the source inside it says.

use std::path::{Path, PathBuf};

use super::args::{self, Places};
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use super::stage::{Forms, Stop};
use crate::exchange::attach::{self, Record};
use crate::exchange::fingerprint_of;
use crate::exchange::verify::{self, Attached};
use crate::form::Form;
use crate::typeset::{Faces, Typesetter, Wishes, export};

/// What a face that is not at hand is told by.
const NO_FACE: &str = "P03";

pub fn run(args: &args::Verify) -> Code {
    let mut worst = Code::Fine;
    for path in &args.files {
        worst = worst.max(match verify(args, path) {
            Ok(Verdict::Same) => {
                say::tell!("{}：相符，与所附的数据文件重做的逐字节相同", path.display());
                Code::Fine
            }
            Ok(Verdict::Differs(complaints)) => {
                say::tell!("{}：不相符", path.display());
                complaints.iter().for_each(|complaint| say::tell!("  {complaint}"));
                Code::Findings
            }
            Ok(Verdict::OtherFaces(faces, complaints)) => {
                let (name, faces) = (path.display(), faces.join("、"));
                say::tell!("{name}：核对不了，生成时用的字体这里没有：{faces}");
                say::tell!("  用 --fonts 文件夹 给出生成时的字体，再核对");
                complaints.iter().for_each(|complaint| say::tell!("  {complaint}"));
                Code::Findings
            }
            Ok(Verdict::Unknown(missing)) => {
                let name = path.display();
                say::tell!("{name}：核对不了，{missing}；只有 build --attach 生成的 PDF 才能核对");
                Code::Findings
            }
            Err(Stop::Failure(Failure(message))) => {
                say::failure(&message);
                Code::Failed
            }
            Err(Stop::Findings(findings)) if findings.iter().all(|one| one.code == NO_FACE) => {
                let name = path.display();
                say::tell!("{name}：核对不了，生成时用的字体这里没有；用 --fonts 文件夹 给出");
                say::findings(&findings);
                Code::Findings
            }
            Err(Stop::Findings(findings)) => {
                say::tell!("{}：不相符，所附的数据文件做不出报告", path.display());
                say::findings(&findings);
                Code::Findings
            }
        });
    }
    worst
}

/// What can be said of a PDF.
enum Verdict {
    Same,
    Differs(Vec<String>),
    /// It was made with faces that are not here: these; and what differs.
    OtherFaces(Vec<String>, Vec<String>),
    Unknown(verify::Missing),
}

fn verify(args: &args::Verify, path: &Path) -> Result<Verdict, Stop> {
    let pdf = files::read(path)?;
    let attached = match verify::attached(&pdf) {
        Ok(attached) => attached,
        Err(missing) => return Ok(Verdict::Unknown(missing)),
    };
    if let Some(folder) = &args.extract {
        extract(folder, &attached)?;
    }
    let (record, source) = match verify::record(&attached) {
        Ok(found) => found,
        Err(missing) => return Ok(Verdict::Unknown(missing)),
    };
    let mut complaints = Vec::new();
    if fingerprint_of(source) != record.source_sha256 {
        complaints.push(format!("所附的 {} 与生成时的指纹不同，被改过", record.source));
    }
    let (forms, more) = forms(&record, &attached)?;
    complaints.extend(more);
    let made = forms.make_of(&record.source, source)?;
    let attachments = attach::attachments(&made.subject(), source, record.balance)
        .map_err(|trouble| Failure(format!("做不出工作簿：{trouble}")))?;
    let typesetter = Typesetter::new(Faces::load(args.fonts.as_slice())?);
    let chosen = &made.budget.source.value.fonts;
    let wishes = Wishes { attachments: &attachments, ..Wishes::default() };
    let (pages, _) = typesetter.typeset_with(&made.form, &made.report, chosen, wishes)?;
    let again = export::pdf(&pages, &made.report, pages.missing.is_empty())?;
    let differences = verify::differences(&pdf, &again);
    complaints.extend(differences.iter().map(|what| format!("与重做的不同：{what}")));
    let faces = verify::other_faces(&pdf, &again);
    if !faces.is_empty() {
        return Ok(Verdict::OtherFaces(faces, complaints));
    }
    Ok(if complaints.is_empty() { Verdict::Same } else { Verdict::Differs(complaints) })
}

/// The form that the PDF was made with: the program's own, or the attached one.
pub(super) fn forms(record: &Record, attached: &Attached) -> Result<(Forms, Option<String>), Stop> {
    let form = match record.form_shipped {
        true => Form::load(&record.form, &[])?,
        false => {
            let files = verify::form_files(attached, &record.form);
            Form::read(&format!("所附的表式 {}", record.form), &files)?
        }
    };
    let changed = attach::form_fingerprint(&form) != record.form_sha256;
    let complaint = changed.then(|| match record.form_shipped {
        true => format!("程序自带的表式 {} 已与生成时的不同，要用当时的程序核对", record.form),
        false => format!("所附的表式 {} 与生成时的指纹不同，被改过", record.form),
    });
    // Nothing on this disk takes part.
    let nowhere = Places { templates: Some(PathBuf::new()), fonts: None };
    let forms = Forms::new(&nowhere).balanced(record.balance).knowing(&record.form, form);
    Ok((forms, complaint))
}

/// Writes the attachments below a folder; a name leads nowhere else.
fn extract(folder: &Path, attached: &Attached) -> Result<(), Failure> {
    for (name, data) in attached {
        let safe = name.split(['/', '\\']).all(|part| !matches!(part, "" | "." | ".."));
        if !safe || name.contains(':') {
            return Err(Failure(format!("所附文件的名字“{name}”不能用作路径")));
        }
        let target = folder.join(name);
        files::write(&target, data)?;
        say::tell!("{}", target.display());
    }
    Ok(())
}
