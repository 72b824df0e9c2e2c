package io.lb4j.internal.health;

import io.lb4j.http.Method;
import java.util.List;
import java.util.Optional;

/**
 * What an HTTP check asks and which answer is right. Immutable.
 *
 * @param method the method; GET by default
 * @param path the path with its query, beginning with a slash
 * @param host what to ask for in {@code host}; the endpoint's own address by default
 * @param expected the statuses that are right, at least one range; 200 to 299 by default
 * @param content what must appear within the first 64 KiB of the body, in UTF-8 and not empty; anything by default
 */
public record HttpCheck(
        Method method, String path, Optional<String> host, List<StatusRange> expected, Optional<String> content) {

    /**
     * A range of status codes, both ends included. Immutable.
     *
     * @param from the lowest, 200 to 599
     * @param to the highest, {@code from} to 599
     */
    public record StatusRange(int from, int to) {
        /**
         * Checks what it is given.
         *
         * @throws IllegalArgumentException if a status is out of range
         */
        public StatusRange {
            if (from < 200 || to > 599 || from > to) {
                throw new IllegalArgumentException(
                        "status range: " + from + ".." + to + " (expected: within 200..599)");
            }
        }

        boolean contains(int status) {
            return status >= from && status <= to;
        }

        @Override
        public String toString() {
            return from == to ? Integer.toString(from) : from + ".." + to;
        }
    }

    /**
     * Checks and copies what it is given.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash, or there is no status or no content to expect
     */
    public HttpCheck {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: \"" + path + "\" (expected: a path that begins with /)");
        }
        expected = List.copyOf(expected);
        if (expected.isEmpty()) {
            throw new IllegalArgumentException("expected statuses: none (expected: at least one)");
        }
        if (content.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException("content: \"\" (expected: some text)");
        }
    }

    /**
     * Returns a check that asks for a path by GET and expects a status from 200 to 299.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash
     */
    public static HttpCheck get(String path) {
        return new HttpCheck(Method.GET, path, Optional.empty(), List.of(new StatusRange(200, 299)), Optional.empty());
    }

    boolean isExpected(int status) {
        return expected.stream().anyMatch(range -> range.contains(status));
    }
}
