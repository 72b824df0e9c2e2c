package io.lb4j.plugins.log;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ModelTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What can be configured of a log of exchanges. */
final class AccessLogOptions {
    private static final List<LogField> USUAL = Stream.of(
                    "time",
                    "request_id",
                    "trace_id",
                    "client",
                    "identity",
                    "method",
                    "host",
                    "path",
                    "query",
                    "protocol",
                    "status",
                    "request_bytes",
                    "response_bytes",
                    "duration_ms",
                    "first_byte_ms",
                    "reason",
                    "listener",
                    "route",
                    "cluster",
                    "endpoint",
                    "tries",
                    "user_agent",
                    "referer")
            .map(LogField::of)
            .toList();

    static final Option<List<LogField>> FIELDS = Option.of(
                    "fields",
                    OptionTypes.list(
                            OptionTypes.text(LogField.class, LogField.EXPECTED, LogField::of, LogField::toString)),
                    "What a line of JSON says, in this order; request.NAME and response.NAME are header fields.")
            .defaultsTo(USUAL)
            .build();

    static final Option<PatternLine> PATTERN = Option.of(
                    "pattern",
                    OptionTypes.text(PatternLine.class, PatternLine.EXPECTED, PatternLine::of, PatternLine::toString),
                    "A line by a pattern, with the same fields in %{…}, rather than JSON.")
            .absentMeans("JSON")
            .build();

    static final Option<String> LOGGER = Option.of(
                    "logger", OptionTypes.name(), "Name of the SLF4J logger that lines go to, at level INFO.")
            .defaultsTo("io.lb4j.access")
            .build();

    static final Option<Path> FILE = Option.of(
                    "file",
                    OptionTypes.text(Path.class, "a path", Path::of, Path::toString),
                    "File that lines are appended to, rather than to a logger.")
            .absentMeans("lines go to the logger")
            .build();

    static final Option<Long> MAX_SIZE = Option.of(
                    "max_size", OptionTypes.size(1024, 1L << 40), "Octets after which another file is begun.")
            .defaultsTo(100L * 1024 * 1024)
            .build();

    static final Option<Integer> MAX_FILES = Option.of(
                    "max_files",
                    OptionTypes.integer(1, 1000),
                    "Files that are kept beside the present one, as file.1 and so on; 1 is the youngest.")
            .defaultsTo(10)
            .build();

    static final Option<Integer> QUEUE = Option.of(
                    "queue",
                    OptionTypes.integer(1, 10_000_000),
                    "Lines that may wait to be written; further ones are dropped and counted.")
            .defaultsTo(10_000)
            .build();

    static final Option<List<String>> REDACT = Option.of(
                    "redact", OptionTypes.list(ModelTypes.fieldName()), "Header fields whose values are not shown.")
            .defaultsTo(List.of(
                    "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "authentication-info"))
            .build();

    static final Option<Redaction.Query> QUERY = Option.of(
                    "query",
                    OptionTypes.oneOf(Redaction.Query.class),
                    "What the field query shows: none, the names of parameters, or full.")
            .defaultsTo(Redaction.Query.NAMES)
            .build();

    static final Option<List<String>> REDACT_QUERY = Option.of(
                    "redact_query",
                    OptionTypes.list(OptionTypes.string("a parameter's name")),
                    "Parameters whose values are not shown even where the query is.")
            .defaultsTo(List.of(
                    "access_token",
                    "api_key",
                    "apikey",
                    "code",
                    "id_token",
                    "key",
                    "password",
                    "passwd",
                    "pwd",
                    "refresh_token",
                    "secret",
                    "session",
                    "sig",
                    "signature",
                    "token"))
            .build();

    static final Option<List<Settings>> SAMPLES = Option.of(
                    "rules",
                    OptionTypes.sections(SampleRule.SECTION),
                    "Which share of which exchanges is logged; the first that is for one decides, and without one all are.")
            .defaultsTo(List.of())
            .build();

    static final Section SECTION = Section.of("access_log", "A line for each exchange that has ended.")
            .options(FIELDS, PATTERN, LOGGER, FILE, MAX_SIZE, MAX_FILES, QUEUE)
            .options(REDACT, QUERY, REDACT_QUERY, SAMPLES)
            .atMostOneOf(FIELDS, PATTERN)
            .atMostOneOf(LOGGER, FILE)
            .build();

    private AccessLogOptions() {}
}
