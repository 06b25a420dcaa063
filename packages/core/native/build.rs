// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Compiles the C++ half against the Node-API headers that npm delivers; no node-gyp, no download.

use std::path::{Path, PathBuf};

const SOURCES: [&str; 13] = [
    "arguments.cc",
    "config.cc",
    "declare.cc",
    "env_state.cc",
    "errors.cc",
    "hand_over.cc",
    "inbox.cc",
    "keyexpr.cc",
    "memory.cc",
    "module.cc",
    "publisher.cc",
    "query.cc",
    "session.cc",
];

fn npm_package(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules").join(name);
    assert!(path.is_dir(), "npm package {name} is missing: run `pnpm install` in the repository first");
    path
}

fn main() {
    let addon = Path::new("src/addon");
    let mut build = cxx_build::bridge("src/bridge.rs");
    build
        .std("c++17")
        .include(addon)
        .include(npm_package("node-api-headers").join("include"))
        .include(npm_package("node-addon-api"))
        .flag_if_supported("-Wall")
        .flag_if_supported("-Wextra")
        .flag_if_supported("-fvisibility=hidden");
    for source in SOURCES {
        build.file(addon.join(source));
    }
    build.compile("zenoh_segments_addon_cc");
    println!("cargo:rerun-if-changed=src/addon");
    println!("cargo:rerun-if-changed=src/bridge.rs");
    // Node-API functions are found in the process that loads the addon.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("macos") {
        println!("cargo:rustc-cdylib-link-arg=-undefined");
        println!("cargo:rustc-cdylib-link-arg=dynamic_lookup");
    }
}
