// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The Rust half of the addon; README.md in the folder above numbers the lifetime and thread rules.

mod advanced_publisher;
mod advanced_subscriber;
mod asking;
mod batch;
mod bridge;
mod config;
mod connectivity;
mod declare;
mod drain;
mod env;
mod fault;
mod get;
mod hand_over;
mod inbox;
mod keyexpr;
mod lanes;
mod listener;
mod liveliness;
mod losses;
mod mailbox;
mod matching;
mod memory;
mod message;
mod outgoing;
mod poll;
mod publisher;
mod qos;
mod querier;
mod query;
mod region_guard;
mod regions;
mod remote_api;
mod remotes;
mod ring;
mod scout;
mod scratch;
mod session;
mod session_shm;
mod settings;
mod shm;
mod shm_backend;
mod shm_files;
mod shm_limits;
mod shm_policy;
mod shm_report;
mod sliced;
mod small;
mod source;
mod stamp;
mod standing;
mod statistics;
mod timestamp_stack;
mod watched;

use std::ffi::c_void;

extern "C" {
    fn zs_init(env: *mut c_void, exports: *mut c_void) -> *mut c_void;
}

/// What Node looks for in the library. The C++ half does the work; this symbol is here because a cdylib exports Rust's.
///
/// # Safety
/// Called by Node with a live `napi_env` and `napi_value`.
#[no_mangle]
pub unsafe extern "C" fn napi_register_module_v1(env: *mut c_void, exports: *mut c_void) -> *mut c_void {
    zs_init(env, exports)
}

/// The Node-API version the addon asks for.
#[no_mangle]
pub extern "C" fn node_api_module_get_api_version_v1() -> i32 {
    9
}
