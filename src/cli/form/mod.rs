//! `yusuan form`: the forms themselves, for those who write them.

mod check;

use std::path::{Path, PathBuf};

use super::args::{Places, What};
use super::outcome::{Code, Failure};
use super::stage::Stop;
use super::{files, say};
use crate::form::manifest::Manifest;
use crate::form::{Form, store};

/// The folder for forms where none is named.
const FOLDER: &str = "templates";

pub fn run(what: &What) -> Code {
    let (done, consequence) = match what {
        What::Check { form, places } => return check::run(form, places),
        What::Show { form, file, places } => (show(form, file.as_deref(), places), ""),
        What::Copy { form, folder, places } => (copy(form, folder, places), "没有复制"),
        What::New { name, from, places } => (new(name, from, places), "没有新写表式"),
    };
    match done {
        Ok(()) => Code::Fine,
        Err(stop) => stop.tell(consequence),
    }
}

fn folders(places: &Places) -> Vec<PathBuf> {
    vec![places.templates.clone().unwrap_or_else(|| PathBuf::from(FOLDER))]
}

fn found(name: &str, places: &Places) -> Result<store::Files, Stop> {
    let (_, files) = store::find(name, &folders(places)).map_err(|finding| vec![finding])?;
    Ok(files)
}

fn show(name: &str, file: Option<&str>, places: &Places) -> Result<(), Stop> {
    let files = found(name, places)?;
    if let Some(path) = file {
        let bytes = files.get(path).ok_or_else(|| {
            let known: Vec<&str> = files.keys().map(String::as_str).collect();
            Failure(format!("表式 {name} 里没有 {path}；有：{}", known.join("、")))
        })?;
        say::tell!("{}", String::from_utf8_lossy(bytes).trim_end());
        return Ok(());
    }
    let form = Form::load(name, &folders(places))?;
    say::tell!("{}", described(&form.manifest.value));
    say::tell!("文件（yusuan form show {name} 文件 看内容）：");
    files.keys().for_each(|path| say::tell!("  {path}"));
    Ok(())
}

/// The parts and tables of a form, by the names that rules and settings use.
fn described(manifest: &Manifest) -> String {
    let mut text = manifest.name.text.clone();
    if let Some(base) = &manifest.base {
        text += &format!("（继承 {}）", base.text);
    }
    for group in &manifest.groups {
        text += &format!("\n{}", group.title.0.text);
        for part in &group.chapters {
            text += &format!("\n  {}  {}  {}", part.id(), part.title.0.text, part.template.text);
        }
        for table in &group.tables {
            text += &format!("\n  {}  {}  {}", table.id(), table.title.0.text, table.template.text);
        }
    }
    text
}

fn copy(name: &str, folder: &Path, places: &Places) -> Result<(), Stop> {
    let files = found(name, places)?;
    free(folder)?;
    for (path, bytes) in &files {
        files::write(&folder.join(path), bytes)?;
    }
    say::tell!("{}：{} 个文件", folder.display(), files.len());
    say::tell!("改好以后用 yusuan form check {} 检查", folder.display());
    Ok(())
}

fn new(name: &str, from: &str, places: &Places) -> Result<(), Stop> {
    found(from, places)?;
    let folder = folders(places).remove(0).join(name);
    free(&folder)?;
    let text = format!(
        "# 在 {from} 上改：没写的键、没有的文件，都用它的。\n\
         # 要改一个模板，用 yusuan form show {from} 文件 取来，放在这个文件夹里同样的位置。\n\
         继承: {from}\n名称: {name}\n\
         # 常数: {{区: 某区}}      模板里写 {{{{ 常数.区 }}}}\n"
    );
    files::write(&folder.join("form.yaml"), text.as_bytes())?;
    say::tell!("{}", folder.join("form.yaml").display());
    say::tell!(
        "数据文件里写“表式: {name}”；改好以后用 yusuan form check {} 检查",
        folder.display()
    );
    Ok(())
}

/// Nothing that is there is written over.
fn free(folder: &Path) -> Result<(), Failure> {
    match folder.exists() {
        true => Err(Failure(format!("已有 {}，不能代替；换一个名字", folder.display()))),
        false => Ok(()),
    }
}
