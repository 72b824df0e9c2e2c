package io.lb4j.plugins.compression;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A media type, or a range of them: {@code text/*}, all that end in {@code +json}, or one. Immutable.
 *
 * @param text in lower case
 */
record MediaRange(String text) {
    static final String EXPECTED = "a media type such as text/html, text/* or */*+json";
    private static final Pattern FORM =
            Pattern.compile("[a-z0-9!#$&^_.+-]+/(\\*|[a-z0-9!#$&^_.+-]+)|\\*/\\*(\\+[a-z0-9]+)?");

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if it is none
     */
    static MediaRange of(String configured) {
        String text = configured.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new MediaRange(text);
    }

    /**
     * Returns whether a type is in the range.
     *
     * @param type without parameters, in lower case
     */
    boolean covers(String type) {
        if (text.startsWith("*/*")) {
            return type.endsWith(text.substring(3)) && type.indexOf('/') > 0;
        }
        return text.endsWith("/*") ? type.startsWith(text.substring(0, text.length() - 1)) : type.equals(text);
    }

    /** Returns the type that a field names, without parameters, in lower case. */
    static String typeOf(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return text;
    }
}
