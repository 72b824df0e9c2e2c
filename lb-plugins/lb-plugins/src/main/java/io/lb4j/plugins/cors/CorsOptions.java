package io.lb4j.plugins.cors;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What can be configured of requests from other origins. */
final class CorsOptions {
    static final String ANY = "*";

    static final Option<List<OriginPattern>> ORIGINS = Option.of(
                    "origins",
                    OptionTypes.list(OptionTypes.text(
                            OriginPattern.class, OriginPattern.EXPECTED, OriginPattern::of, OriginPattern::toString)),
                    "Origins whose pages may read responses: one each, all subdomains of one, or * for any.")
            .required()
            .build();

    static final Option<List<String>> METHODS = Option.of(
                    "methods",
                    OptionTypes.list(
                            OptionTypes.text(String.class, "a method, or *", CorsOptions::requireMethod, text -> text)),
                    "Methods that they may use; * for all.")
            .defaultsTo(List.of("GET", "HEAD", "POST"))
            .build();

    static final Option<List<String>> HEADERS = Option.of(
                    "headers", OptionTypes.list(names()), "Request fields that they may set; * for all.")
            .defaultsTo(List.of())
            .build();

    static final Option<List<String>> EXPOSE = Option.of(
                    "expose", OptionTypes.list(names()), "Response fields that they may read; * for all.")
            .defaultsTo(List.of())
            .build();

    static final Option<Boolean> CREDENTIALS = Option.of(
                    "credentials", OptionTypes.bool(), "Whether cookies and passwords go with their requests.")
            .defaultsTo(false)
            .build();

    static final Option<Duration> MAX_AGE = Option.of(
                    "max_age",
                    OptionTypes.duration(Duration.ZERO),
                    "How long browsers may keep what a preflight has said.")
            .defaultsTo(Duration.ofMinutes(10))
            .build();

    static final Option<Boolean> REJECT = Option.of(
                    "reject",
                    OptionTypes.bool(),
                    "Whether requests of other origins are refused with 403, also those of WebSocket, rather than served unreadably.")
            .defaultsTo(false)
            .build();

    static final Section SECTION = Section.of("cors", "Requests that browsers send for pages of other origins.")
            .options(ORIGINS, METHODS, HEADERS, EXPOSE, CREDENTIALS, MAX_AGE, REJECT)
            .rule(CorsOptions::requireNamedOrigins)
            .build();

    private CorsOptions() {}

    private static ScalarType<String> names() {
        return OptionTypes.text(
                String.class,
                "a field name, or *",
                text -> text.equals(ANY) ? text : FieldName.of(text).toString().toLowerCase(Locale.ROOT),
                text -> text);
    }

    private static String requireMethod(String text) {
        return text.equals(ANY) ? text : Method.of(text).name();
    }

    /** Whoever lets every page use a visitor's credentials has none that protect anything. */
    private static void requireNamedOrigins(Settings settings, Scope scope) {
        if (!settings.find(CREDENTIALS).orElse(false)) {
            return;
        }
        if (settings.find(ORIGINS).orElse(List.of()).stream().anyMatch(OriginPattern::isAny)) {
            String expected = "origins by name, as there are credentials";
            scope.at(ORIGINS.name()).report(Fault.Code.CONFLICT, ANY, expected, settings.origin(ORIGINS));
        }
        if (settings.find(EXPOSE).orElse(List.of()).contains(ANY)) {
            String expected = "fields by name, as there are credentials";
            scope.at(EXPOSE.name()).report(Fault.Code.CONFLICT, ANY, expected, settings.origin(EXPOSE));
        }
    }
}
