package io.lb4j.plugins.cors;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An origin as browsers write it (RFC 6454 §6.2), all subdomains of one, any, or {@code null}. Immutable.
 *
 * @param text as it is configured, in lower case
 */
record OriginPattern(String text) {
    static final String EXPECTED = "an origin such as https://app.example.com, https://*.example.com, * or null";

    private static final String ANY = "*";
    private static final String SUBDOMAINS = "://*.";
    private static final Pattern FORM = Pattern.compile(
            "[a-z][a-z0-9+.-]*://(\\*\\.)?([a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");
    private static final int LONGEST = 300; // a scheme, a name of 253 characters, a port
    private static final Pattern LABELS = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none
     */
    static OriginPattern of(String configured) {
        String text = configured.toLowerCase(Locale.ROOT);
        if (!text.equals(ANY) && !text.equals("null") && !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        // Browsers leave out the port that a scheme has by default.
        if ((text.startsWith("https:") && text.endsWith(":443"))
                || (text.startsWith("http:") && text.endsWith(":80"))) {
            throw new IllegalArgumentException("an origin without its scheme's own port");
        }
        return new OriginPattern(text);
    }

    boolean isAny() {
        return text.equals(ANY);
    }

    /** Returns whether it covers an origin; any covers all. */
    boolean covers(String origin) {
        if (isAny() || text.equals(origin)) {
            return true;
        }
        int star = text.indexOf(SUBDOMAINS);
        if (star < 0) {
            return false;
        }
        String before = text.substring(0, star + 3);
        String after = text.substring(star + 4); // with its dot
        return origin.length() <= LONGEST
                && origin.length() > before.length() + after.length()
                && origin.startsWith(before)
                && origin.endsWith(after)
                && LABELS.matcher(origin.substring(before.length(), origin.length() - after.length()))
                        .matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
