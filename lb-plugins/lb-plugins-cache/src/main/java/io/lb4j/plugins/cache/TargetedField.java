package io.lb4j.plugins.cache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a field that tells caches of one kind what Cache-Control tells all (RFC 9213), CDN-Cache-Control for example: a dictionary of
 * structured fields (RFC 9651 §4.2.2), which is understood as a whole or not at all. Confined to one thread.
 */
final class TargetedField {
    private static final Set<String> NUMBERS = Set.of(
            Directives.MAX_AGE, Directives.S_MAXAGE, Directives.STALE_IF_ERROR, Directives.STALE_WHILE_REVALIDATE);
    private static final int MAX_DIGITS = 15;

    /** The field is no dictionary. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super("no dictionary", null, false, false);
        }
    }

    private final String text;
    private int at;

    private TargetedField(String text) {
        this.text = text;
    }

    /** Returns what the field says; empty if it is not there, says nothing, or is malformed. */
    static Optional<Directives> parse(List<String> lines) {
        String text = String.join(",", lines).strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Directives.of(new TargetedField(text).dictionary()));
        } catch (Malformed e) {
            return Optional.empty(); // RFC 9213 §2.2: as if it were not there
        }
    }

    private Map<String, String> dictionary() throws Malformed {
        Map<String, String> members = new LinkedHashMap<>();
        while (true) {
            String key = key();
            String value = "";
            boolean isNumber = false;
            if (peek() == '=') {
                at++;
                isNumber = isDigit(peek());
                value = item();
            }
            if (NUMBERS.contains(key) && !isNumber) {
                throw new Malformed();
            }
            members.put(key, value); // the last one counts
            parameters();
            skipBlanks();
            if (at == text.length()) {
                return members;
            }
            expect(',');
            skipBlanks();
        }
    }

    private void parameters() throws Malformed {
        while (peek() == ';') {
            at++;
            while (peek() == ' ') {
                at++;
            }
            key();
            if (peek() == '=') {
                at++;
                item();
            }
        }
    }

    private String key() throws Malformed {
        int start = at;
        if (!isLowerCase(peek()) && peek() != '*') {
            throw new Malformed();
        }
        while (isLowerCase(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Reads a value of a type that directives have: an integer, a string, a token, a boolean. */
    private String item() throws Malformed {
        char first = peek();
        if (first == '"') {
            return string();
        }
        if (first == '?') {
            at++;
            expect('1'); // a directive that is said not to hold would be read by others as one that does
            return "";
        }
        int start = at;
        if (isDigit(first)) {
            while (isDigit(peek())) {
                at++;
            }
            if (at - start > MAX_DIGITS) {
                throw new Malformed();
            }
            return text.substring(start, at);
        }
        if (!Character.isLetter(first) && first != '*') {
            throw new Malformed();
        }
        while (at < text.length() && ",; \t=\"".indexOf(peek()) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String string() throws Malformed {
        StringBuilder value = new StringBuilder();
        expect('"');
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
            }
            if (at >= text.length()) {
                throw new Malformed();
            }
            value.append(peek());
            at++;
        }
        at++;
        return value.toString();
    }

    private void expect(char wanted) throws Malformed {
        if (peek() != wanted) {
            throw new Malformed();
        }
        at++;
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    /** Returns the next character; a control character that stands in no field at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isLowerCase(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
