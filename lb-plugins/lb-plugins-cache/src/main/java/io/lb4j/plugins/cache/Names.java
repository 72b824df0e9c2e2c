package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;

/** Fields that caches act upon. */
final class Names {
    static final FieldName AGE = FieldName.of("age");
    static final FieldName CACHE_STATUS = FieldName.of("cache-status");
    static final FieldName CONTENT_LOCATION = FieldName.of("content-location");
    static final FieldName CONTENT_RANGE = FieldName.of("content-range");
    static final FieldName EXPIRES = FieldName.of("expires");
    static final FieldName IF_MATCH = FieldName.of("if-match");
    static final FieldName IF_MODIFIED_SINCE = FieldName.of("if-modified-since");
    static final FieldName IF_NONE_MATCH = FieldName.of("if-none-match");
    static final FieldName IF_RANGE = FieldName.of("if-range");
    static final FieldName IF_UNMODIFIED_SINCE = FieldName.of("if-unmodified-since");
    static final FieldName LAST_MODIFIED = FieldName.of("last-modified");
    static final FieldName RANGE = FieldName.of("range");

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private Names() {}

    /** Returns whether a text is a token (RFC 9110 §5.6.2), and so may be a name. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isAlphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!isAlphanumeric && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
