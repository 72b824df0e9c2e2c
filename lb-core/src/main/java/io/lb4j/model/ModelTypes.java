package io.lb4j.model;

import io.lb4j.config.OptionTypes;
import io.lb4j.config.ScalarType;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** The option types of the model's own values; for the options of extensions too. */
public final class ModelTypes {
    private static final Set<String> USUAL_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private ModelTypes() {}

    /** A time that has to be more than nothing. */
    public static ScalarType<Duration> time() {
        return OptionTypes.duration(SHORTEST);
    }

    static ScalarType<Integer> port() {
        return OptionTypes.integer(1, 65_535);
    }

    static ScalarType<String> host() {
        return OptionTypes.text(String.class, "a host name or an address", ModelTypes::requireHost, text -> text);
    }

    /** A host with a port or without, as a request names it; an IPv6 address in brackets. */
    static ScalarType<String> authority() {
        return OptionTypes.text(
                String.class, "a host, with a port or without", ModelTypes::requireAuthority, text -> text);
    }

    /** A path with a query or without. */
    static ScalarType<String> target() {
        return OptionTypes.text(String.class, "a path that begins with one /", ModelTypes::requireTarget, text -> text);
    }

    static ScalarType<HostPattern> hostPattern() {
        return OptionTypes.text(
                HostPattern.class,
                "a host such as api.example.com or *.example.com",
                HostPattern::of,
                Object::toString);
    }

    static ScalarType<PathPattern> pathPattern() {
        return OptionTypes.text(
                PathPattern.class, "a path such as /a, /a/** or /users/{id}", PathPattern::of, PathPattern::toString);
    }

    /** A path, with * for anything within a segment and ** for anything. */
    public static ScalarType<PathGlob> pathGlob() {
        return OptionTypes.text(
                PathGlob.class, "a path such as /api/v1/* or /api/**", PathGlob::of, PathGlob::toString);
    }

    static ScalarType<PathPattern> pathRegex() {
        return OptionTypes.text(
                PathPattern.class,
                "a regular expression for the whole path",
                PathPattern::regex,
                PathPattern::toString);
    }

    static ScalarType<PathTemplate> pathTemplate() {
        return OptionTypes.text(
                PathTemplate.class, "a path such as /v2/{id}/{**}", PathTemplate::of, PathTemplate::toString);
    }

    /** A path that is put in place of another one as it stands. */
    static ScalarType<String> path() {
        return OptionTypes.text(String.class, "a path that begins with one /", PathTemplate::requirePath, text -> text);
    }

    static ScalarType<Regex> regex() {
        return OptionTypes.text(Regex.class, "a regular expression", Regex::of, Regex::toString);
    }

    /** A block of addresses, or one address. */
    public static ScalarType<AddressBlock> addressBlock() {
        return OptionTypes.text(
                AddressBlock.class, "an address block such as 10.0.0.0/8", AddressBlock::of, AddressBlock::toString);
    }

    /** A status, or a range of them. */
    public static ScalarType<StatusRange> statusRange() {
        return OptionTypes.text(
                StatusRange.class, "a status or a range such as 200-299", StatusRange::of, StatusRange::toString);
    }

    /** A request method. */
    public static ScalarType<Method> method() {
        return OptionTypes.text(Method.class, "a method such as GET", ModelTypes::method, Method::name);
    }

    /** Methods are told apart by capitals: nobody sends {@code get}, and a plugin that is to work on it would never work. */
    private static Method method(String name) {
        String capitals = name.toUpperCase(Locale.ROOT);
        if (!name.equals(capitals) && USUAL_METHODS.contains(capitals)) {
            throw new IllegalArgumentException("a method in capitals: " + capitals);
        }
        return Method.of(name);
    }

    /** The name of a field; in lower case, however it was written. */
    public static ScalarType<String> fieldName() {
        return OptionTypes.text(
                String.class, "a field name", text -> FieldName.of(text).toString(), text -> text);
    }

    /** A text that may stand in a field's value; what cannot is refused here, not when a response is written. */
    public static ScalarType<String> fieldValue() {
        return OptionTypes.text(
                String.class, "visible characters, spaces and tabs", ModelTypes::requireFieldValue, text -> text);
    }

    private static String requireFieldValue(String text) {
        new Fields().add(FieldName.VIA, text);
        return text;
    }

    private static String requireTarget(String text) {
        int query = text.indexOf('?');
        PathTemplate.requirePath(query < 0 ? text : text.substring(0, query));
        if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '#')) {
            throw new IllegalArgumentException("visible ASCII characters without #");
        }
        return text;
    }

    private static String requireAuthority(String text) {
        if (!text.matches("([A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?")) {
            throw new IllegalArgumentException("a host, with a port or without, an IPv6 address in brackets");
        }
        return text;
    }

    private static String requireHost(String text) {
        if (!text.matches("[A-Za-z0-9_.:%-]{1,253}")) {
            throw new IllegalArgumentException("a host name or an address, an IPv6 address without brackets");
        }
        return text;
    }
}
