// The part of proxy-wasm 0.2.1 that a plugin in Rust needs most, without any crate: `mod proxy_wasm;`. Each function of the host answers a status: 0 is good.
#![allow(dead_code)]

use std::ptr::null_mut;

pub const REQUEST_HEADERS: u32 = 0;
pub const RESPONSE_HEADERS: u32 = 2;
pub const PLUGIN_CONFIGURATION: u32 = 7;
pub const CONTINUE: u32 = 0;
pub const PAUSE: u32 = 1;
pub const INFO: u32 = 2;
pub const WARN: u32 = 3;
pub const ERROR: u32 = 4;

#[link(wasm_import_module = "env")]
extern "C" {
    fn proxy_log(level: u32, text: *const u8, length: usize) -> u32;
    fn proxy_get_header_map_value(map: u32, name: *const u8, name_length: usize, value: *mut *mut u8, length: *mut usize) -> u32;
    fn proxy_replace_header_map_value(map: u32, name: *const u8, name_length: usize, value: *const u8, length: usize) -> u32;
    fn proxy_remove_header_map_value(map: u32, name: *const u8, name_length: usize) -> u32;
    fn proxy_get_buffer_bytes(buffer: u32, start: usize, max: usize, bytes: *mut *mut u8, length: *mut usize) -> u32;
    fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    fn proxy_send_local_response(
        status: u32, details: *const u8, details_length: usize, body: *const u8, body_length: usize, fields: *const u8, fields_length: usize, grpc: i32,
    ) -> u32;
}

#[no_mangle]
pub extern "C" fn proxy_abi_version_0_2_1() {}

/// What the host hands over lies in a vector of this guest's, which `taken` makes one again.
#[no_mangle]
pub extern "C" fn proxy_on_memory_allocate(length: usize) -> *mut u8 {
    let mut room = Vec::<u8>::with_capacity(length);
    let address = room.as_mut_ptr();
    std::mem::forget(room);
    address
}

fn taken(address: *mut u8, length: usize) -> Vec<u8> {
    if address.is_null() {
        return Vec::new();
    }
    // The host has asked for just this much, and has filled it.
    unsafe { Vec::from_raw_parts(address, length, length) }
}

pub fn log(level: u32, text: &str) {
    unsafe { proxy_log(level, text.as_ptr(), text.len()) };
}

pub fn header(map: u32, name: &str) -> Option<Vec<u8>> {
    let mut value = null_mut();
    let mut length = 0;
    let status = unsafe { proxy_get_header_map_value(map, name.as_ptr(), name.len(), &mut value, &mut length) };
    (status == 0).then(|| taken(value, length))
}

pub fn set_header(map: u32, name: &str, value: &str) {
    unsafe { proxy_replace_header_map_value(map, name.as_ptr(), name.len(), value.as_ptr(), value.len()) };
}

pub fn remove_header(map: u32, name: &str) {
    unsafe { proxy_remove_header_map_value(map, name.as_ptr(), name.len()) };
}

pub fn configuration() -> Vec<u8> {
    let mut bytes = null_mut();
    let mut length = 0;
    let status = unsafe { proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, usize::MAX / 2, &mut bytes, &mut length) };
    if status == 0 { taken(bytes, length) } else { Vec::new() }
}

pub fn seconds() -> u64 {
    let mut nanos = 0;
    unsafe { proxy_get_current_time_nanoseconds(&mut nanos) };
    nanos / 1_000_000_000
}

/// Answers in the endpoint's place.
pub fn answer(status: u32, fields: &[(&str, &str)], body: &str) -> u32 {
    let mut map = (fields.len() as u32).to_le_bytes().to_vec();
    for (name, value) in fields {
        map.extend((name.len() as u32).to_le_bytes());
        map.extend((value.len() as u32).to_le_bytes());
    }
    for text in fields.iter().flat_map(|(name, value)| [name, value]) {
        map.extend(text.as_bytes());
        map.push(0);
    }
    unsafe { proxy_send_local_response(status, null_mut(), 0, body.as_ptr(), body.len(), map.as_ptr(), map.len(), -1) };
    PAUSE
}
