package io.lb4j.http3;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came on a stream.
 *
 * @param sections the field sections: informational ones, the head, trailers
 * @param broken how it ended before its end; empty if it is whole
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record H3Answer(List<List<Map.Entry<String, String>>> sections, byte[] body, String broken) {
    boolean isWhole() {
        return broken.isEmpty();
    }

    /** Returns the status of the section at a position. */
    int status(int section) {
        return Integer.parseInt(value(section, ":status").orElseThrow());
    }

    /** Returns the final status; 0 if there is none. */
    int status() {
        return sections.stream()
                .flatMap(List::stream)
                .filter(field ->
                        field.getKey().equals(":status") && !field.getValue().startsWith("1"))
                .map(field -> Integer.parseInt(field.getValue()))
                .findFirst()
                .orElse(0);
    }

    Optional<String> value(int section, String name) {
        return sections.get(section).stream()
                .filter(field -> field.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
