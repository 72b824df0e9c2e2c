// A guest of http-wasm that does what the field x-do of a request asks for.
#include <stddef.h>
#include <stdint.h>

#define HOST(type, name) __attribute__((import_module("http_handler"), import_name(#name))) type name
#define EXPORT(name) __attribute__((export_name(#name)))

HOST(int, enable_features)(int features);
HOST(int, get_config)(char *room, int limit);
HOST(void, log)(int level, const char *text, int length);
HOST(int, get_method)(char *room, int limit);
HOST(void, set_method)(const char *text, int length);
HOST(int, get_uri)(char *room, int limit);
HOST(void, set_uri)(const char *text, int length);
HOST(int, get_protocol_version)(char *room, int limit);
HOST(int, get_source_addr)(char *room, int limit);
HOST(uint64_t, get_header_names)(int kind, char *room, int limit);
HOST(uint64_t, get_header_values)(int kind, const char *name, int name_length, char *room, int limit);
HOST(void, set_header_value)(int kind, const char *name, int name_length, const char *value, int length);
HOST(void, add_header_value)(int kind, const char *name, int name_length, const char *value, int length);
HOST(void, remove_header)(int kind, const char *name, int name_length);
HOST(uint64_t, read_body)(int kind, char *room, int limit);
HOST(void, write_body)(int kind, const char *bytes, int length);
HOST(int, get_status_code)(void);
HOST(void, set_status_code)(int status);

enum { REQUEST, RESPONSE };

static char mode[32];
static char room[4096];
static volatile uint32_t sink;

static int length_of(const char *text) {
    int length = 0;
    while (text[length]) {
        length++;
    }
    return length;
}

static int is(const char *text) {
    int i = 0;
    while (mode[i] && mode[i] == text[i]) {
        i++;
    }
    return mode[i] == text[i];
}

static void set(int kind, const char *name, const char *value, int length) { set_header_value(kind, name, length_of(name), value, length); }

EXPORT(_initialize) void initialize(void) { enable_features(2); }

EXPORT(handle_request) uint64_t handle_request(void) {
    mode[0] = 0;
    get_header_values(REQUEST, "x-do", 4, mode, sizeof mode);
    if (is("tell")) {
        set(REQUEST, "x-method", room, get_method(room, sizeof room));
        set(REQUEST, "x-uri", room, get_uri(room, sizeof room));
        set(REQUEST, "x-version", room, get_protocol_version(room, sizeof room));
        set(REQUEST, "x-source", room, get_source_addr(room, sizeof room));
        set(REQUEST, "x-config", room, get_config(room, sizeof room));
        uint64_t found = get_header_values(REQUEST, "x-many", 6, room, sizeof room);
        char count = '0' + (char)(found >> 32);
        set(REQUEST, "x-count", &count, 1);
        add_header_value(REQUEST, "x-many", 6, "3", 1);
        remove_header(REQUEST, "x-secret", 8);
        set_uri("/told?a=b", 9);
        log(0, "told", 4);
    } else if (is("answer")) {
        set_status_code(418);
        set(RESPONSE, "x-own", "1", 1);
        write_body(RESPONSE, "short ", 6);
        write_body(RESPONSE, "and stout", 9);
        return 0;
    } else if (is("body")) {
        uint64_t read = read_body(REQUEST, room, 3);
        char end = '0' + (char)(read >> 32);
        set(REQUEST, "x-first-end", &end, 1);
        int length = (int)read + (int)read_body(REQUEST, room + (int)read, sizeof room - 3);
        write_body(REQUEST, "<", 1);
        write_body(REQUEST, room, length);
        write_body(REQUEST, ">", 1);
    } else if (is("loop")) {
        for (;;) {
            sink++;
        }
    } else if (is("wild")) {
        get_uri((char *)0x7fffffff, 100);
    } else if (is("crlf")) {
        set(REQUEST, "x-bad", "a\r\nb: c", 7);
    } else if (is("config-length")) {
        int length = get_config(room, sizeof room);
        char digits[2] = {(char)('0' + length / 10), (char)('0' + length % 10)};
        set(REQUEST, "x-config-length", digits, 2);
    } else if (is("give")) {
        set_method("POST", 4);
        write_body(REQUEST, "given", 5);
    } else if (is("host")) {
        int length = (int)get_header_values(REQUEST, "Host", 4, room, sizeof room);
        set(REQUEST, "x-host", room, length - 1);
        length = (int)get_header_names(REQUEST, room, sizeof room);
        set(REQUEST, "x-first-name", room, length_of(room));
        set(REQUEST, "host", "other.test", 10);
        char features = '0' + (char)enable_features(7);
        set(REQUEST, "x-features", &features, 1);
    } else if (is("disown")) {
        int length = (int)get_header_values(REQUEST, "x-forwarded-for", 15, room, sizeof room);
        set(REQUEST, "x-for", room, length - 1);
        set(REQUEST, "x-forwarded-for", "192.0.2.7", 9);
        remove_header(REQUEST, "x-forwarded-port", 16);
    } else if (is("trailer")) {
        set_header_value(3, "x-a", 3, "1", 1);
    } else if (is("before")) {
        set(RESPONSE, "x-before", "1", 1);
        write_body(RESPONSE, "before ", 7);
    }
    return (uint64_t)7 << 32 | 1;
}

EXPORT(handle_response) void handle_response(int number, int is_error) {
    char text = '0' + (char)number;
    set(RESPONSE, "x-number", &text, 1);
    if (is("status")) {
        char code = '0' + (char)(get_status_code() / 100);
        set(RESPONSE, "x-class", &code, 1);
        set_status_code(202);
    } else if (is("late-method")) {
        set_method("POST", 4);
    } else if (is("late-uri")) {
        set_uri("/late", 5);
    } else if (is("late-field")) {
        set(REQUEST, "x-late", "1", 1);
    } else if (is("late-removal")) {
        remove_header(REQUEST, "x-do", 4);
    } else if (is("late-body")) {
        write_body(REQUEST, "late", 4);
    } else if (is("rewrite")) {
        int length = (int)read_body(RESPONSE, room, sizeof room);
        write_body(RESPONSE, room, length);
        write_body(RESPONSE, "!", 1);
    }
}
