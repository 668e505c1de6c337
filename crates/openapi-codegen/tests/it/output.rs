use std::fs;
use std::path::Path;

use openapi_codegen::output::{self, Folder, HEADER, Output, State};

fn output(path: &str, body: &str) -> Output {
    Output { path: path.into(), contents: format!("{HEADER}\n{body}\n") }
}

fn write(folder: &Path, outputs: Vec<Output>) -> anyhow::Result<()> {
    let folders = [Folder::whole(folder.to_owned(), outputs)];
    let changes = output::compare(&folders)?;
    output::write(&changes)
}

fn states(folder: &Path, outputs: Vec<Output>) -> Vec<(String, State)> {
    let folders = [Folder::whole(folder.to_owned(), outputs)];
    let changes = output::compare(&folders).unwrap();
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    changes.iter().map(|change| (name(&change.path), change.state)).collect()
}

#[test]
fn files_are_told_apart_by_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, vec![output("same.rs", "1"), output("old.rs", "1"), output("a/gone.rs", "1")])
        .unwrap();
    fs::write(folder.join("mine.rs"), "fn mine() {}").unwrap();
    fs::write(folder.join("empty.rs"), "").unwrap();
    let next = vec![output("same.rs", "1"), output("old.rs", "2"), output("new.rs", "1")];
    let expected = [
        ("a/gone.rs", State::Orphaned),
        ("empty.rs", State::Foreign),
        ("mine.rs", State::Foreign),
        ("new.rs", State::Missing),
        ("old.rs", State::Stale),
        ("same.rs", State::Unchanged),
    ];
    let found = states(folder, next);
    let found: Vec<_> = found.iter().map(|(name, state)| (name.as_str(), *state)).collect();
    assert_eq!(found, expected);
}

#[test]
fn writing_leaves_nothing_to_write_and_removes_orphans_with_their_folders() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, vec![output("old.rs", "1"), output("a/gone.rs", "1")]).unwrap();
    let next = vec![output("old.rs", "2"), output("b/new.rs", "1")];
    write(folder, next.clone()).unwrap();
    assert!(states(folder, next).iter().all(|(_, state)| *state == State::Unchanged));
    assert!(!folder.join("a").exists());
}

#[test]
fn a_file_that_is_right_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, vec![output("same.rs", "1")]).unwrap();
    let past = std::time::SystemTime::UNIX_EPOCH;
    fs::File::options()
        .write(true)
        .open(folder.join("same.rs"))
        .unwrap()
        .set_modified(past)
        .unwrap();
    write(folder, vec![output("same.rs", "1"), output("new.rs", "1")]).unwrap();
    assert_eq!(fs::metadata(folder.join("same.rs")).unwrap().modified().unwrap(), past);
}

#[test]
fn a_file_that_codegen_did_not_write_is_neither_replaced_nor_removed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("mine.rs"), "fn mine() {}").unwrap();
    for outputs in [vec![output("mine.rs", "1")], vec![output("other.rs", "1")]] {
        let error = write(folder, outputs).unwrap_err().to_string();
        assert!(error.contains("codegen did not write") && error.contains("mine.rs"), "{error}");
        assert_eq!(fs::read_to_string(folder.join("mine.rs")).unwrap(), "fn mine() {}");
        assert!(!folder.join("other.rs").exists());
    }
}

#[test]
fn a_file_of_a_crate_is_its_users_once_the_header_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let update = |body: &str| {
        let outputs = vec![output("Cargo.toml", body), output("lib.rs", body)];
        let folders = [Folder::files(folder.to_owned(), outputs)];
        let changes = output::compare(&folders).unwrap();
        output::write(&changes).unwrap();
        changes.iter().map(|change| change.state).collect::<Vec<_>>()
    };
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    assert_eq!(update("1"), [State::Missing, State::Missing]);
    fs::write(folder.join("lib.rs"), "mine").unwrap();
    assert_eq!(update("2"), [State::Stale, State::Kept]);
    assert_eq!(fs::read_to_string(folder.join("lib.rs")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).unwrap(), "mine");
}

#[test]
fn what_a_merge_or_an_interruption_left_behind_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("conflict.rs"),
        format!("<<<<<<< ours\n{HEADER}\n1\n=======\n2\n>>>>>>> theirs\n"),
    )
    .unwrap();
    fs::write(folder.join("empty.rs"), "").unwrap();
    fs::write(folder.join(".xtask-codegen-a1b2"), "").unwrap();
    fs::write(folder.join(".DS_Store"), "not ours").unwrap();
    let outputs = vec![output("conflict.rs", "1"), output("empty.rs", "1")];
    write(folder, outputs.clone()).unwrap();
    assert!(states(folder, outputs).iter().all(|(_, state)| *state == State::Unchanged));
    assert!(!folder.join(".xtask-codegen-a1b2").exists());
    assert!(folder.join(".DS_Store").exists());
}

#[test]
fn a_run_that_fails_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, vec![output("a.rs", "1"), output("gone.rs", "1")]).unwrap();
    let folders = [Folder::whole(
        folder.to_owned(),
        vec![output("a.rs", "2"), output("b.rs", "1"), output("z.rs", "1")],
    )];
    let changes = output::compare(&folders).unwrap();
    // A folder that takes the last file's place between the look and the write makes its rename fail.
    fs::create_dir_all(folder.join("z.rs/full")).unwrap();
    output::write(&changes).unwrap_err();
    assert_eq!(fs::read_to_string(folder.join("a.rs")).unwrap(), format!("{HEADER}\n1\n"));
    assert!(folder.join("gone.rs").exists());
    let mut left: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["a.rs", "gone.rs", "z.rs"]);
}
