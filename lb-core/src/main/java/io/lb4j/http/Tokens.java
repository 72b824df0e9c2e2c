package io.lb4j.http;

/** The character classes of RFC 9110 §5.5 and §5.6.2. */
final class Tokens {
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Tokens() {}

    static boolean isToken(CharSequence text) {
        if (text.length() == 0) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7f || !TOKEN[c]) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether octets are a token without an upper-case letter. */
    static boolean isFieldName(byte[] octets, int start, int end) {
        for (int i = start; i < end; i++) {
            int c = octets[i] & 0xff;
            if (!TOKEN[c] || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return end > start;
    }

    static boolean isFieldValue(byte[] octets, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isValueCharacter((char) (octets[i] & 0xff))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a character may stand inside a field value: visible, space, tab or an octet above 0x7f. */
    static boolean isValueCharacter(char c) {
        return (c >= ' ' && c != 0x7f && c <= 0xff) || c == '\t';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Returns the text between quotation marks with control characters escaped, cut at 64 characters: fit for a message. */
    static String quote(CharSequence text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), 64); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(text.length() > 64 ? "…\"" : "\"").toString();
    }
}
