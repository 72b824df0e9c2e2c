package io.lb4j.http3;

/** What may stand in {@code :path} and {@code :authority} (RFC 9114 §4.3.1). */
final class RequestTarget {
    private static final String HOST_PUNCTUATION = "-._~!$&'()*+,;=%"; // RFC 3986 §3.2.2

    private RequestTarget() {}

    /** Returns whether a text is a path with or without a query, or an asterisk. */
    static boolean isTarget(String text) {
        if (text.isEmpty() || (text.charAt(0) != '/' && !text.equals("*"))) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a text is a host with or without a port; a user name is not accepted. */
    static boolean isAuthority(String text) {
        int end = text.startsWith("[") ? endOfAddress(text) : endOfHost(text, 0);
        return end > 0 && isPort(text.substring(end));
    }

    private static int endOfHost(String text, int start) {
        int at = start;
        while (at < text.length() && isHostCharacter(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfAddress(String text) {
        int at = 1;
        while (at < text.length() && (text.charAt(at) == ':' || isHostCharacter(text.charAt(at)))) {
            at++;
        }
        return at > 1 && at < text.length() && text.charAt(at) == ']' ? at + 1 : -1;
    }

    private static boolean isHostCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || HOST_PUNCTUATION.indexOf(c) >= 0;
    }

    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        if (text.charAt(0) != ':' || text.length() > 6) {
            return false;
        }
        return text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }
}
