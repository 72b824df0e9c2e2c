package io.lb4j.internal.route;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.model.PathPolicy;
import io.lb4j.model.PathPolicy.Ambiguous;
import io.lb4j.model.PathPolicy.Slashes;

/**
 * Makes the one canonical form of a request's path that both routing and forwarding use (RFC 3986 §6.2.2): percent-encoding in upper
 * case, unreserved characters decoded, dot segments removed, and what servers read in different ways treated by the listener's
 * {@link PathPolicy}. The query stays as it is. Immutable.
 *
 * <p>A path that is canonical already costs one scan and no allocation, but for one with a semicolon or an encoded slash. What comes out
 * stays the same when it is put in again.
 */
public final class PathNormalizer {
    private static final String HEX = "0123456789ABCDEF";
    private static final int MESSAGE_LENGTH = 64;

    /** Characters that end the quick scan, apart from a slash. */
    private static final boolean[] SPECIAL = new boolean[256];

    static {
        for (int c = 0; c < SPECIAL.length; c++) {
            SPECIAL[c] = c <= ' ' || c >= 0x7f || "%\\;#".indexOf(c) >= 0;
        }
    }

    private final Slashes slashes;
    private final Ambiguous encodedSlash;
    private final Ambiguous backslash;
    private final Ambiguous semicolon;

    /** Creates a normalizer that follows a policy. */
    public PathNormalizer(PathPolicy policy) {
        this(policy.duplicateSlashes(), policy.encodedSlash(), policy.backslash(), policy.semicolon());
    }

    private PathNormalizer(Slashes slashes, Ambiguous encodedSlash, Ambiguous backslash, Ambiguous semicolon) {
        this.slashes = slashes;
        this.encodedSlash = encodedSlash;
        this.backslash = backslash;
        this.semicolon = semicolon;
    }

    /** Returns the normalizer that refuses only what no policy allows: for the literals of patterns. */
    static PathNormalizer lenient() {
        return new PathNormalizer(Slashes.KEEP, Ambiguous.KEEP, Ambiguous.KEEP, Ambiguous.KEEP);
    }

    /**
     * Returns the canonical target.
     *
     * @param target path and query, or {@code *}
     * @return the target itself if it is canonical
     * @throws ProxyException {@link Kind#MALFORMED_REQUEST} if the path does not begin with a slash, has a percent sign without two
     *     hexadecimal digits, an encoded NUL, a control character or a fragment, leads above the root, or is refused by the policy
     */
    public String normalize(String target) throws ProxyException {
        if (target.isEmpty() || target.charAt(0) != '/') {
            if (target.equals("*")) {
                return target;
            }
            throw refusal(target, "a path that begins with /");
        }
        int end = target.length();
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '?') {
                requireNoFragment(target, i);
                return target;
            }
            if (c == '%' && isCanonicalEncoding(target, i, end)) {
                i += 2;
            } else if (c > 0xff || SPECIAL[c] || (c == '/' && isSegmentSpecial(target, i + 1))) {
                return rebuild(target);
            }
        }
        return target;
    }

    /** Returns whether a percent sign begins an encoding that stays as it is, whatever the policy. */
    private static boolean isCanonicalEncoding(String target, int at, int end) {
        int high = at + 2 < end ? HEX.indexOf(target.charAt(at + 1)) : -1;
        int low = at + 2 < end ? HEX.indexOf(target.charAt(at + 2)) : -1;
        int octet = high << 4 | low;
        return high >= 0 && low >= 0 && octet != 0 && !isUnreserved(octet) && "/\\;".indexOf(octet) < 0;
    }

    private static void requireNoFragment(String target, int query) throws ProxyException {
        if (target.indexOf('#', query) >= 0) {
            throw refusal(target, "no fragment");
        }
    }

    /** Returns whether a segment begins with a slash, or may be a dot segment. */
    private static boolean isSegmentSpecial(String target, int start) {
        if (start >= target.length()) {
            return false;
        }
        char first = target.charAt(start);
        if (first != '.') {
            return first == '/';
        }
        int next = start + 1;
        if (next < target.length() && target.charAt(next) == '.') {
            next++;
        }
        return next == target.length() || "/?;%".indexOf(target.charAt(next)) >= 0;
    }

    private String rebuild(String target) throws ProxyException {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        requireNoFragment(target, end);
        StringBuilder path = new StringBuilder(target.length() + 8);
        int segment = 0; // where the present segment begins, its slash included
        int i = 0;
        while (i < end) {
            char c = target.charAt(i);
            if (c == '/' && i > 0) {
                closeSegment(path, segment, false, target);
                segment = path.length();
            }
            i += appendCanonical(target, i, end, path);
        }
        closeSegment(path, segment, true, target);
        return path.append(target, end, target.length()).toString();
    }

    /**
     * Appends what stands for the character at a position.
     *
     * @return how many characters were consumed
     */
    private int appendCanonical(String target, int at, int end, StringBuilder path) throws ProxyException {
        char c = target.charAt(at);
        if (c == '%') {
            int octet = octetAt(target, at, end);
            requireAllowed(octet, target);
            if (isUnreserved(octet)) {
                path.append((char) octet);
            } else {
                PercentEncoding.append(octet, path);
            }
            return 3;
        }
        if (c <= ' ' || c == 0x7f || c > 0xff || c == '#') {
            throw refusal(target, "no space, control character or #");
        }
        if (c == '\\' || c == ';') {
            requireAllowed(c, target);
        }
        // A backslash that is allowed must not reach a server that takes it for a slash; octets above 0x7f cannot stand
        // in a path.
        if (c == '\\' || c > 0x7f) {
            PercentEncoding.append(c, path);
        } else {
            path.append(c);
        }
        return 1;
    }

    private static int octetAt(String target, int at, int end) throws ProxyException {
        int high = at + 2 < end ? Character.digit(target.charAt(at + 1), 16) : -1;
        int low = at + 2 < end ? Character.digit(target.charAt(at + 2), 16) : -1;
        // Character.digit takes digits of other scripts, too.
        if (high < 0 || low < 0 || target.charAt(at + 1) > 'f' || target.charAt(at + 2) > 'f') {
            throw refusal(target, "two hexadecimal digits after each %");
        }
        return high << 4 | low;
    }

    private void requireAllowed(int octet, String target) throws ProxyException {
        if (octet == 0) {
            throw refusal(target, "no encoded NUL");
        }
        if (octet == '/' && encodedSlash == Ambiguous.REFUSE) {
            throw refusal(target, "no encoded slash");
        }
        if (octet == '\\' && backslash == Ambiguous.REFUSE) {
            throw refusal(target, "no backslash");
        }
        if (octet == ';' && semicolon == Ambiguous.REFUSE) {
            throw refusal(target, "no semicolon");
        }
    }

    /** Judges the segment that ends here: drops it if it is empty or a dot segment. */
    private void closeSegment(StringBuilder path, int start, boolean last, String target) throws ProxyException {
        int length = path.length() - start - 1;
        if (length == 0 && !last && slashes != Slashes.KEEP) {
            if (slashes == Slashes.REFUSE) {
                throw refusal(target, "no empty segment");
            }
            path.setLength(start);
            return;
        }
        int dots = dots(path, start + 1);
        if (dots == 0) {
            return;
        }
        if (dots < length) {
            // Some servers cut a segment at a semicolon, encoded or not, and would then see a dot segment.
            int behind = start + 1 + dots;
            if (path.charAt(behind) == ';' || path.indexOf("%3B", behind) == behind) {
                throw refusal(target, "no dot segment with a parameter");
            }
            return;
        }
        if (dots == 2 && start == 0) {
            throw refusal(target, "a path that stays below its root");
        }
        int cut = dots == 1 ? start : path.lastIndexOf("/", start - 1);
        path.setLength(last ? cut + 1 : cut);
        if (last && path.length() == 0) {
            path.append('/');
        }
    }

    /** Returns how many dots a segment begins with; 0 if more than two, for then it is an ordinary one. */
    private static int dots(StringBuilder path, int start) {
        int dots = 0;
        while (start + dots < path.length() && path.charAt(start + dots) == '.') {
            dots++;
        }
        return dots > 2 ? 0 : dots;
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || "-._~".indexOf(octet) >= 0;
    }

    private static ProxyException refusal(String target, String expected) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < Math.min(target.length(), MESSAGE_LENGTH) && target.charAt(i) != '?'; i++) {
            char c = target.charAt(i);
            // The query is left out, for it may hold secrets; what cannot be seen is shown as ?.
            seen.append(c > ' ' && c < 0x7f ? c : '?');
        }
        return new ProxyException(Kind.MALFORMED_REQUEST, "path: \"" + seen + "\" (expected: " + expected + ")");
    }
}
