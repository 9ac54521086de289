//! Stamps the binary with a digest of the sources it is built from.
//!
//! `veche.engine` computes the same digest where the sources lie beside it and refuses a stale
//! binary. Order: paths relative to the workspace, with `/`, sorted as bytes; for each the path, a
//! zero byte, the length as text, a zero byte, the content.

use ring::digest::{Context, SHA256};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Files and folders that the binary depends on.
const SOURCES: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "engine/node/Cargo.toml",
    "engine/node/src",
    "engine/python/Cargo.toml",
    "engine/python/build.rs",
    "engine/python/src",
    "engine/sfu/Cargo.toml",
    "engine/sfu/src",
];

fn main() -> io::Result<()> {
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        // Line tables name the place of a panic, but their strings make 80 of 88 MB; packed they
        // are 10, and the standard library unpacks zlib when it prints a backtrace.
        println!("cargo::rustc-cdylib-link-arg=-Wl,--compress-debug-sections=zlib");
    }
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let root = here.join("../..").canonicalize()?;
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
        collect(&root, Path::new(source), &mut files)?;
    }
    files.sort();
    let mut context = Context::new(&SHA256);
    for file in files {
        let content = fs::read(root.join(&file))?;
        context.update(file.as_bytes());
        context.update(format!("\0{}\0", content.len()).as_bytes());
        context.update(&content);
    }
    let digest: String = context
        .finish()
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    println!("cargo::rustc-env=VECHE_SOURCE_DIGEST={digest}");
    Ok(())
}

fn collect(root: &Path, relative: &Path, files: &mut Vec<String>) -> io::Result<()> {
    let path = root.join(relative);
    if !path.is_dir() {
        let name = relative.to_str().ok_or(io::ErrorKind::InvalidData)?;
        files.push(name.replace('\\', "/"));
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let inside = relative.join(&name);
        if root.join(&inside).is_dir()
            || inside
                .extension()
                .is_some_and(|extension| extension == "rs")
        {
            collect(root, &inside, files)?;
        }
    }
    Ok(())
}
