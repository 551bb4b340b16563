//! Files that hold keys.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::key::KeyError;
use crate::plaintext::PlaintextWriter;

/// The most bytes that are read: far more than any list of keys has.
pub(super) const LIMIT: u64 = 1 << 20;

/// Reads a file or a named pipe.
pub(super) fn read(path: &Path) -> Result<(Zeroizing<Vec<u8>>, Metadata), KeyError> {
    read_all(path).map_err(|error| KeyError::UnreadableFile { reason: error.kind() })
}

fn read_all(path: &Path) -> io::Result<(Zeroizing<Vec<u8>>, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    Ok((read_pipe(file)?, metadata))
}

/// Reads to the end, without leaving a copy in memory.
pub(super) fn read_pipe(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut file = from.take(LIMIT + 1);
    let mut chunk = Zeroizing::new([0; 1024]);
    let mut bytes = PlaintextWriter::with_capacity(chunk.len());
    loop {
        match file.read(&mut *chunk) {
            Ok(0) if file.limit() == 0 => return Err(ErrorKind::FileTooLarge.into()),
            Ok(0) => return Ok(bytes.into_bytes()),
            Ok(length) => bytes.write_bytes(&chunk[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads a list of keys.
pub(super) fn read_list(path: &Path) -> Result<SecretString, KeyError> {
    let (bytes, metadata) = read(path)?;
    refuse_writable(&metadata)?;
    let text = std::str::from_utf8(without_mark(&bytes)?).map(SecretString::from);
    text.map_err(|_| KeyError::NotUnicode)
}

/// Everyone who can write the file can replace the keys.
#[cfg(unix)]
pub(super) fn refuse_writable(metadata: &Metadata) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o002 == 0 { Ok(()) } else { Err(KeyError::WritableFile) }
}

#[cfg(not(unix))]
pub(super) fn refuse_writable(_: &Metadata) -> Result<(), KeyError> {
    Ok(())
}

/// The text after its byte order mark, which editors and shells of Windows write. UTF-16 is refused.
pub(super) fn without_mark(bytes: &[u8]) -> Result<&[u8], KeyError> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(KeyError::Utf16);
    }
    Ok(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
}

/// The path that was tried, unless somebody may have put a key or a URL in its place.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if looks_like_key(&text) || text.contains("://") {
        return "a path that is not shown because it looks like a key or a URL".to_owned();
    }
    match std::path::absolute(path) {
        Ok(tried) if path != Path::new(".env") => tried.display().to_string(),
        _ => text.into_owned(),
    }
}

/// Whether the text has 16 hex digits in a row, or is mostly made of them.
fn looks_like_key(text: &str) -> bool {
    let is_run = |run: &str| run.len() >= 16;
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    text.split(|letter: char| !letter.is_ascii_hexdigit()).any(is_run)
        || (digits >= 24 && !text.contains('/'))
}
