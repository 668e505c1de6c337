//! A file that is replaced whole, and that one sandbox has for itself.

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};

/// A file that nobody else keeps a state in, for as long as this lives.
///
/// The system takes the lock back whatever becomes of the process. It is on the file itself, and moves
/// on to each new one that takes its place.
#[derive(Debug)]
pub(crate) struct Claim {
    path: PathBuf,
    /// What is locked; nothing while there is no such file.
    locked: Option<File>,
}

/// Somebody else has the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InUse;

impl fmt::Display for InUse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("another sandbox keeps its state there")
    }
}

impl std::error::Error for InUse {}

impl Claim {
    /// Whether this is the file at a path.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        self.path == real(path)
    }

    /// Locks a file, if it is there.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let path = real(path);
        loop {
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Self { path, locked: None });
                }
                Err(error) => return Err(error),
            };
            lock(&file)?;
            // It may have been replaced between opening and locking.
            if is_at(&file, &path)? {
                return Ok(Self { path, locked: Some(file) });
            }
        }
    }

    /// Replaces the file, whole or not at all; only its owner can read it: a payload may hold what
    /// redeems a reward.
    pub(crate) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if self.locked.is_none() {
            let mut options = OpenOptions::new();
            // Somebody may have been faster; then the file is theirs.
            let file = options.write(true).create_new(true).mode(0o600).open(&self.path);
            let file = file.map_err(in_use_if_there)?;
            lock(&file)?;
            self.locked = Some(file);
        }
        let beside = self.beside();
        let file = open(&beside)?;
        let written = fill(&file, text).and_then(|()| fs::rename(&beside, &self.path));
        if written.is_err() {
            // What is left of it is overwritten the next time.
            let _ = fs::remove_file(&beside);
        }
        written?;
        self.locked = Some(file);
        Ok(())
    }

    /// Where the new file is written: under one name, so that one that a killed process has left is
    /// overwritten.
    fn beside(&self) -> PathBuf {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".new");
        self.path.with_file_name(name)
    }
}

/// Opens and locks the file that is to be the new one.
fn open(beside: &Path) -> io::Result<File> {
    let no_follow = OFlags::NOFOLLOW.bits().cast_signed();
    loop {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600).custom_flags(no_follow);
        let file = options.open(beside)?;
        lock(&file)?;
        if is_at(&file, beside)? {
            return Ok(file);
        }
    }
}

/// The path without links, so that a link is not replaced by the file that it leads to.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn fill(mut file: &File, text: &[u8]) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.set_len(0)?;
    file.write_all(text)?;
    file.sync_all()
}

fn lock(file: &File) -> io::Result<()> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Err(in_use()),
        result => result.map_err(io::Error::from),
    }
}

/// Whether the file is still the one at this path.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let open = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((open.dev(), open.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn in_use() -> io::Error {
    io::Error::new(io::ErrorKind::ResourceBusy, InUse)
}

fn in_use_if_there(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::AlreadyExists { in_use() } else { error }
}
