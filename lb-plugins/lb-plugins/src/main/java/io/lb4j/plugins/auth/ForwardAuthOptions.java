package io.lb4j.plugins.auth;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import io.lb4j.model.ModelTypes;
import java.time.Duration;
import java.util.List;

/** What can be configured of an authorisation service. */
final class ForwardAuthOptions {
    private static final String PATH_EXPECTED = "a path that begins with /";

    static final Option<String> CLUSTER = Option.of("cluster", OptionTypes.name(), "Cluster that is asked.")
            .required()
            .build();

    static final Option<String> PATH =
            Option.of("path", path(), "Path that is asked for.").defaultsTo("/").build();

    static final Option<String> HOST = Option.of(
                    "host", OptionTypes.string("a host"), "Host that the service is asked as.")
            .absentMeans("the endpoint's address")
            .build();

    static final Option<List<String>> SEND = Option.of(
                    "send",
                    OptionTypes.list(ModelTypes.fieldName()),
                    "Fields of the request that the service is told, beside X-Forwarded-Method, -Proto, -Host, -Uri and -For.")
            .defaultsTo(List.of("authorization", "cookie", "accept", "user-agent"))
            .build();

    static final Option<List<String>> TAKE = Option.of(
                    "take",
                    OptionTypes.list(ModelTypes.fieldName()),
                    "Fields of a consent that the endpoint is told; the client's own of these names are removed.")
            .defaultsTo(List.of())
            .build();

    static final Option<String> IDENTITY = Option.of(
                    "identity", ModelTypes.fieldName(), "Field of a consent that says who the client is.")
            .absentMeans("the service does not say")
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", ModelTypes.time(), "How long the service may take; then 503.")
            .defaultsTo(Duration.ofSeconds(3))
            .build();

    static final Section SECTION = Section.of("forward_auth", "A service decides who may come in.")
            .options(CLUSTER, PATH, HOST, SEND, TAKE, IDENTITY, TIMEOUT)
            .build();

    private ForwardAuthOptions() {}

    private static ScalarType<String> path() {
        return OptionTypes.text(String.class, PATH_EXPECTED, ForwardAuthOptions::requirePath, text -> text);
    }

    private static String requirePath(String text) {
        if (!text.startsWith("/") || text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException(PATH_EXPECTED);
        }
        return text;
    }
}
