package io.lb4j.plugins.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What a Cache-Control field says (RFC 9111 §5.2). Of a directive that comes twice the first counts (§4.2.1). Immutable. */
final class Directives {
    static final String IMMUTABLE = "immutable";
    static final String MAX_AGE = "max-age";
    static final String MAX_STALE = "max-stale";
    static final String MIN_FRESH = "min-fresh";
    static final String MUST_REVALIDATE = "must-revalidate";
    static final String MUST_UNDERSTAND = "must-understand";
    static final String NO_CACHE = "no-cache";
    static final String NO_STORE = "no-store";
    static final String ONLY_IF_CACHED = "only-if-cached";
    static final String PRIVATE = "private";
    static final String PROXY_REVALIDATE = "proxy-revalidate";
    static final String PUBLIC = "public";
    static final String S_MAXAGE = "s-maxage";
    static final String STALE_IF_ERROR = "stale-if-error";
    static final String STALE_WHILE_REVALIDATE = "stale-while-revalidate";

    static final Directives NONE = new Directives(Map.of());

    /** RFC 9111 §1.2.2: what is larger counts as this. */
    static final long MOST_SECONDS = 1L << 31;

    private static final int MAX_DIGITS = 10;

    private final Map<String, String> arguments; // by name in lower case; empty where there is none

    private Directives(Map<String, String> arguments) {
        this.arguments = arguments;
    }

    /** Takes directives as they are; the map is handed over. */
    static Directives of(Map<String, String> arguments) {
        return new Directives(arguments);
    }

    /** Reads the lines of a Cache-Control field; what cannot be understood is passed over. */
    static Directives parse(List<String> lines) {
        if (lines.isEmpty()) {
            return NONE;
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String line : lines) {
            int at = 0;
            while (at < line.length()) {
                at = readOne(line, at, arguments);
            }
        }
        return new Directives(arguments);
    }

    /** Reads one directive; returns where the next one may begin. */
    private static int readOne(String line, int from, Map<String, String> arguments) {
        int nameEnd = from;
        while (nameEnd < line.length() && line.charAt(nameEnd) != ',' && line.charAt(nameEnd) != '=') {
            nameEnd++;
        }
        if (nameEnd == line.length() || line.charAt(nameEnd) == ',') {
            put(arguments, line.substring(from, nameEnd).strip(), "");
            return nameEnd + 1;
        }
        String name = line.substring(from, nameEnd).stripLeading();
        int start = nameEnd + 1;
        if (start < line.length() && line.charAt(start) == '"') {
            StringBuilder text = new StringBuilder();
            int end = unquote(line, start + 1, text);
            put(arguments, name, text.toString());
            int comma = line.indexOf(',', end);
            return comma < 0 ? line.length() : comma + 1;
        }
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        put(arguments, name, line.substring(start, end).stripTrailing());
        return end + 1;
    }

    /** Reads a quoted string from behind its opening quote; returns where it has ended. */
    private static int unquote(String line, int from, StringBuilder text) {
        int at = from;
        while (at < line.length() && line.charAt(at) != '"') {
            if (line.charAt(at) == '\\' && at + 1 < line.length()) {
                at++;
            }
            text.append(line.charAt(at));
            at++;
        }
        return at;
    }

    private static void put(Map<String, String> arguments, String name, String argument) {
        if (Names.isToken(name)) {
            arguments.putIfAbsent(name.toLowerCase(Locale.ROOT), argument);
        }
    }

    /** Returns whether a directive is there, with an argument or without. */
    boolean has(String name) {
        return arguments.containsKey(name);
    }

    /** Returns whether a directive is there and says of all, not of some fields only. */
    boolean hasForAll(String name) {
        String argument = arguments.get(name);
        return argument != null && argument.isEmpty();
    }

    /** Returns the names of fields that a directive is about; names that are none are left out. */
    List<String> fieldsOf(String name) {
        List<String> fields = new ArrayList<>();
        for (String field : arguments.getOrDefault(name, "").split(",", -1)) {
            if (Names.isToken(field.strip())) {
                fields.add(field.strip().toLowerCase(Locale.ROOT));
            }
        }
        return fields;
    }

    /** Returns a time in seconds; what is no number is none at all (RFC 9111 §4.2.1). Empty if the directive is not there. */
    OptionalLong seconds(String name) {
        String argument = arguments.get(name);
        return argument == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, number(argument)));
    }

    /** Reads a number of seconds; negative if it is none. */
    static long number(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        int start = 0;
        while (start < text.length() - 1 && text.charAt(start) == '0') {
            start++;
        }
        if (text.length() - start > MAX_DIGITS) {
            return MOST_SECONDS;
        }
        return Math.min(Long.parseLong(text, start, text.length(), 10), MOST_SECONDS);
    }
}
