// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Compiles the C++ half against the Node-API headers that npm delivers; no node-gyp, no download.

use std::path::{Path, PathBuf};

const SOURCES: [&str; 18] = [
    "advanced.cc",
    "arguments.cc",
    "config.cc",
    "connectivity.cc",
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
    "remote_api.cc",
    "session.cc",
    "shm.cc",
    "sliced.cc",
];

fn npm_package(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules").join(name);
    assert!(path.is_dir(), "npm package {name} is missing: run `pnpm install` in the repository first");
    path
}

/// Node-API functions are found in the process that loads the addon: Linux looks by itself, the others are told.
fn link_node(headers: &Path, asan: bool) {
    let target = |key: &str| std::env::var(key).unwrap_or_default();
    match (target("CARGO_CFG_TARGET_OS").as_str(), target("CARGO_CFG_TARGET_ENV").as_str()) {
        // AddressSanitizer names functions by their symbols.
        ("linux", _) if asan => println!("cargo:rustc-cdylib-link-arg=-fsanitize=address"),
        // The symbols of zenoh are a quarter of the file, and nobody debugs a published addon with them.
        ("linux", _) => println!("cargo:rustc-cdylib-link-arg=-Wl,--strip-all"),
        ("macos", _) => {
            println!("cargo:rustc-cdylib-link-arg=-undefined");
            println!("cargo:rustc-cdylib-link-arg=dynamic_lookup");
            println!("cargo:rustc-cdylib-link-arg=-Wl,-x");
        }
        ("windows", "msvc") => {
            let folder = PathBuf::from(target("OUT_DIR"));
            import_library(&headers.join("def"), &folder.join("node.lib"));
            println!("cargo:rustc-link-search=native={}", folder.display());
            println!("cargo:rustc-cdylib-link-arg=node.lib");
            println!("cargo:rustc-cdylib-link-arg=delayimp.lib");
            // Bun, Deno and Electron are not called node.exe: delay_load.cc answers for them.
            println!("cargo:rustc-cdylib-link-arg=/DELAYLOAD:node.exe");
        }
        _ => (),
    }
}

/// What node-gyp would download: the names of Node's exports, in the form that Microsoft's linker reads.
fn import_library(definitions: &Path, output: &Path) {
    let mut names = String::from("NAME node.exe\nEXPORTS\n");
    for file in ["js_native_api.def", "node_api.def"] {
        let path = definitions.join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        names.extend(text.lines().skip(2).map(|name| format!("{name}\n")));
    }
    let list = output.with_extension("def");
    std::fs::write(&list, names).expect("the output folder of the build can be written");
    let machine = match std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("aarch64") => "arm64",
        _ => "x64",
    };
    let target = std::env::var("TARGET").expect("cargo sets TARGET");
    let mut tool = cc::windows_registry::find(&target, "lib.exe").expect("lib.exe of Microsoft's build tools");
    tool.arg("/nologo").arg(format!("/def:{}", list.display())).arg(format!("/out:{}", output.display()));
    let status = tool.arg(format!("/machine:{machine}")).status().expect("lib.exe runs");
    assert!(status.success(), "lib.exe made no import library for node.exe: {status}");
}

fn main() {
    let addon = Path::new("src/addon");
    let asan = std::env::var_os("CARGO_FEATURE_ASAN").is_some();
    let headers = npm_package("node-api-headers");
    let mut build = cxx_build::bridge("src/bridge.rs");
    build.std("c++17").include(addon).include(headers.join("include")).include(npm_package("node-addon-api"));
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("msvc") {
        build.flag("/EHsc").define("NOMINMAX", None).file(addon.join("delay_load.cc"));
    } else {
        build.flag_if_supported("-Wall").flag_if_supported("-Wextra").flag_if_supported("-fvisibility=hidden");
    }
    if asan {
        build.flag("-fsanitize=address").flag("-fno-omit-frame-pointer").flag("-g");
        build.define("ZENOH_SEGMENTS_ASAN", None).file(addon.join("seeded_bugs.cc"));
    }
    for source in SOURCES {
        build.file(addon.join(source));
    }
    build.compile("zenoh_segments_addon_cc");
    println!("cargo:rerun-if-changed=src/addon");
    println!("cargo:rerun-if-changed=src/bridge.rs");
    link_node(&headers, asan);
}
