//! `yusuan import DRAFT.docx`: what was changed in a Word document that `export` wrote.

use super::args;
use super::files;
use super::import::{finish, target};
use super::outcome::Code;
use super::stage::{Forms, Stop};
use super::verify;
use crate::exchange::import::word::{self, Document, Origin};
use crate::exchange::import::{self, DOCUMENT};
use crate::exchange::verify::Attached;
use crate::finding::{File, Finding};
use crate::source::{self, text};

pub fn import(args: &args::Import, bytes: &[u8]) -> Result<Code, Stop> {
    let document = word::open(bytes).map_err(|finding| vec![finding])?;
    let into = match &args.into {
        Some(path) => Some((path.display().to_string(), files::read_to_change(path)?)),
        None => None,
    };
    let origin = origin(&document, into.as_ref())?;
    let target = target(args, &origin.name)?;
    let name = target.display().to_string();
    let forms = forms(args, &origin)?;
    let made = forms.make_of(&origin.name, origin.text.as_bytes())?;
    let old = into.map_or_else(|| origin.text.clone().into_bytes(), |(_, bytes)| bytes);
    let remake = |bytes: &[u8]| forms.make_of(&origin.name, bytes).ok().map(|made| made.report);
    let (mut changes, said) = word::changes(&document, &made.subject(), &remake, args.remove)
        .map_err(|finding| vec![finding])?;
    if !args.any_year {
        let own = source::draft(&name, &old)?.year.count;
        import::compare_exported(made.budget.source.value.year.count, own, &mut changes);
    }
    if args.comments {
        let (comments, left) = word::written(&said, &text::decode(&name, &old)?);
        changes.changes.extend(comments);
        if !left.is_empty() {
            let message =
                format!("没有写成注释的批注，数据文件里没有它说的那一行：{}", left.join("、"));
            changes.remark(import::LEFT, message);
        }
    }
    changes.decide(args.remove, DOCUMENT);
    let file = File::new(&origin.name, origin.text.as_str());
    let merged = import::merge(&changes, &file, &name, &old)?;
    finish(args, &target, &old, changes, merged, DOCUMENT)
}

/// The source that the document was made from.
fn origin(document: &Document, into: Option<&(String, Vec<u8>)>) -> Result<Origin, Vec<Finding>> {
    let decoded = match into {
        Some((name, bytes)) => Some((name.as_str(), text::decode(name, bytes)?)),
        None => None,
    };
    let into = decoded.as_ref().map(|(name, file)| (*name, file.text.as_str()));
    document.origin(into).map_err(|finding| vec![finding])
}

/// The forms that the document was made with, as far as it says so.
fn forms(args: &args::Import, origin: &Origin) -> Result<Forms, Stop> {
    let Some(record) = origin.record.as_ref() else { return Ok(Forms::new(&args.places)) };
    if !record.form_shipped {
        let forms = Forms::new(&args.places).balanced(record.balance);
        let form = forms.get(&record.form)?;
        let changed = crate::exchange::attach::form_fingerprint(&form) != record.form_sha256;
        let complaint = format!("表式 {} 在导出以后改过，对照不了", record.form);
        return if changed { Err(other_form(complaint)) } else { Ok(forms) };
    }
    match verify::forms(record, &Attached::new())? {
        (_, Some(_)) => {
            Err(other_form(format!("程序自带的表式 {} 在导出以后换过，对照不了", record.form)))
        }
        (forms, None) => Ok(forms),
    }
}

/// The report came out otherwise than now: what differs is nobody's change.
fn other_form(message: String) -> Stop {
    let help = "重新导出一份，把改动做在上面；或用导出时的程序和表式导入";
    vec![Finding::error(import::UNFIT, message).help(help)].into()
}
