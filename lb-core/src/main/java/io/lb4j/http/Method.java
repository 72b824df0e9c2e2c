package io.lb4j.http;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A request method (RFC 9110 §9). Immutable; the registered ones are constants, so that {@code ==} holds for them. */
public final class Method {
    /** {@code GET}: safe. */
    public static final Method GET = new Method("GET", true, true);
    /** {@code HEAD}: safe; its response has no body. */
    public static final Method HEAD = new Method("HEAD", true, true);
    /** {@code POST}: neither safe nor idempotent. */
    public static final Method POST = new Method("POST", false, false);
    /** {@code PUT}: idempotent. */
    public static final Method PUT = new Method("PUT", false, true);
    /** {@code DELETE}: idempotent. */
    public static final Method DELETE = new Method("DELETE", false, true);
    /** {@code CONNECT}: asks for a tunnel. */
    public static final Method CONNECT = new Method("CONNECT", false, false);
    /** {@code OPTIONS}: safe. */
    public static final Method OPTIONS = new Method("OPTIONS", true, true);
    /** {@code TRACE}: safe. */
    public static final Method TRACE = new Method("TRACE", true, true);
    /** {@code PATCH} (RFC 5789): neither safe nor idempotent. */
    public static final Method PATCH = new Method("PATCH", false, false);
    /** {@code QUERY}: safe, with a body. */
    public static final Method QUERY = new Method("QUERY", true, true);

    private static final Set<Method> REGISTERED =
            Set.of(GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH, QUERY);
    private static final Map<String, Method> BY_NAME =
            REGISTERED.stream().collect(Collectors.toMap(Method::name, Function.identity()));

    private final String name;
    private final boolean safe;
    private final boolean idempotent;

    private Method(String name, boolean safe, boolean idempotent) {
        this.name = name;
        this.safe = safe;
        this.idempotent = idempotent;
    }

    /**
     * Returns the method of this name; names are case-sensitive.
     *
     * @throws IllegalArgumentException if the name is not a token (RFC 9110 §5.6.2)
     */
    public static Method of(String name) {
        Method registered = BY_NAME.get(name);
        if (registered != null) {
            return registered;
        }
        if (!Tokens.isToken(name)) {
            throw new IllegalArgumentException("method: " + Tokens.quote(name) + " (expected: a token)");
        }
        return new Method(name, false, false);
    }

    /** Returns the name as it stands on the wire. */
    public String name() {
        return name;
    }

    /** Returns whether the method asks for no change of state (RFC 9110 §9.2.1). An unregistered method does not count as safe. */
    public boolean isSafe() {
        return safe;
    }

    /** Returns whether repeating the request has the same effect as making it once (RFC 9110 §9.2.2). */
    public boolean isIdempotent() {
        return idempotent;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Method method && method.name.equals(name));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
