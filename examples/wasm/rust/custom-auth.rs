// Lets in whoever has a JSON Web Token that was signed with a secret (HS256, RFC 7519), or one of the tokens that are listed.
// Configuration: {"jwt_secret": "…", "token_header": "authorization", "tokens": ["…"]}; in authorization a token follows the word Bearer.

mod proxy_wasm;
mod sha256;

use proxy_wasm::*;
use std::cell::RefCell;

#[derive(Default)]
struct Settings {
    secret: Vec<u8>,
    header: String,
    tokens: Vec<String>,
}

thread_local! {
    static SETTINGS: RefCell<Settings> = RefCell::new(Settings::default());
}

#[no_mangle]
pub extern "C" fn proxy_on_configure(_context: u32, _length: usize) -> u32 {
    let json = String::from_utf8(configuration()).unwrap_or_default();
    let settings = Settings {
        secret: text_of(&json, "jwt_secret").unwrap_or_default().into_bytes(),
        header: text_of(&json, "token_header").unwrap_or_else(|| "authorization".to_string()).to_lowercase(),
        tokens: texts_of(&json, "tokens"),
    };
    if settings.secret.is_empty() && settings.tokens.is_empty() {
        log(ERROR, "jwt_secret or tokens have to be there: otherwise nobody could be let in");
        return 0;
    }
    SETTINGS.with(|present| *present.borrow_mut() = settings);
    1
}

#[no_mangle]
pub extern "C" fn proxy_on_request_headers(_context: u32, _count: u32, _end: u32) -> u32 {
    SETTINGS.with(|settings| {
        let settings = settings.borrow();
        remove_header(REQUEST_HEADERS, "x-authenticated-user"); // the client's own word
        let value = match header(REQUEST_HEADERS, &settings.header).and_then(|value| String::from_utf8(value).ok()) {
            Some(value) => value,
            None => return refuse(),
        };
        let token = if settings.header == "authorization" { value.strip_prefix("Bearer ").unwrap_or("") } else { &value };
        if settings.tokens.iter().any(|each| sha256::same(each.as_bytes(), token.as_bytes())) {
            return CONTINUE;
        }
        match subject(token, &settings.secret, seconds()) {
            Some(user) => {
                if !user.is_empty() {
                    set_header(REQUEST_HEADERS, "x-authenticated-user", &user);
                }
                CONTINUE
            }
            None => refuse(),
        }
    })
}

fn refuse() -> u32 {
    answer(401, &[("www-authenticate", "Bearer"), ("content-type", "text/plain")], "401 Unauthorized\n")
}

/// Returns whom a token is about, if its signature and its time hold.
fn subject(token: &str, secret: &[u8], now: u64) -> Option<String> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    if secret.is_empty() || !sha256::same(&sha256::hmac(secret, signed.as_bytes()), &base64url(signature)?) {
        return None;
    }
    let head = String::from_utf8(base64url(head)?).ok()?;
    if text_of(&head, "alg")? != "HS256" {
        return None;
    }
    let claims = String::from_utf8(base64url(claims)?).ok()?;
    if number_of(&claims, "exp")? <= now || number_of(&claims, "nbf").map_or(false, |from| from > now) {
        return None;
    }
    Some(text_of(&claims, "sub").unwrap_or_default())
}

fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for c in text.bytes() {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | six as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
        }
    }
    Some(octets)
}

/// Returns what stands behind a key of a JSON object. This is no parser: it does for flat objects whose texts have no escapes.
fn behind<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let quoted = format!("\"{}\"", key);
    let at = json.find(&quoted)? + quoted.len();
    json[at..].trim_start().strip_prefix(':').map(str::trim_start)
}

fn text_of(json: &str, key: &str) -> Option<String> {
    let rest = behind(json, key)?.strip_prefix('"')?;
    Some(rest[..rest.find('"')?].to_string())
}

fn number_of(json: &str, key: &str) -> Option<u64> {
    let rest = behind(json, key)?;
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

fn texts_of(json: &str, key: &str) -> Vec<String> {
    let list = behind(json, key).and_then(|rest| rest.strip_prefix('[')).and_then(|rest| rest.split(']').next());
    list.unwrap_or("").split('"').skip(1).step_by(2).map(str::to_string).collect()
}
