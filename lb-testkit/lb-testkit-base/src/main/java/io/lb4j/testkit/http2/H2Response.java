package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Body;
import io.lb4j.testkit.http.Fields;
import java.util.List;
import java.util.Optional;

/**
 * One response as a client saw it, whole or as far as it came.
 *
 * @param headers of the final response, {@code :status} included; none if it never came
 * @param body what came of it
 * @param trailers none if there were none
 * @param informational the field sections of 1xx responses, in order
 * @param reset the code of RST_STREAM; empty if the server did not reset the stream
 * @param isComplete whether the server ended the stream in the orderly way
 */
public record H2Response(
        Fields headers,
        Body body,
        Fields trailers,
        List<Fields> informational,
        Optional<H2Error> reset,
        boolean isComplete) {

    /** Copies the list. */
    public H2Response {
        informational = List.copyOf(informational);
    }

    /**
     * The status code.
     *
     * @return from 200; 0 if no final response came
     */
    public int status() {
        return statusOf(headers);
    }

    /**
     * The body as UTF-8.
     *
     * @return text
     */
    public String text() {
        return body.text();
    }

    static H2Response of(StreamRecord stream) {
        List<Fields> sections = stream.sections();
        List<Fields> informational =
                sections.stream().takeWhile(H2Response::isInformational).toList();
        List<Fields> rest = sections.subList(informational.size(), sections.size());
        Fields headers = rest.isEmpty() ? Fields.none() : rest.get(0);
        Fields trailers = rest.size() < 2 ? Fields.none() : rest.get(1);
        return new H2Response(
                headers, stream.capture().body(), trailers, informational, stream.reset(), stream.isEnded());
    }

    private static boolean isInformational(Fields section) {
        return statusOf(section) / 100 == 1;
    }

    private static int statusOf(Fields section) {
        return section.first(":status").map(Integer::parseInt).orElse(0);
    }
}
