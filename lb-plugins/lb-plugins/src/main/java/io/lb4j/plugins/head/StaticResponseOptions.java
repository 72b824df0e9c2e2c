package io.lb4j.plugins.head;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DirectResponse;
import io.lb4j.model.ModelTypes;
import io.lb4j.model.StatusRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What can be configured of answers that are always the same. */
final class StaticResponseOptions {
    static final Option<Integer> STATUS = Option.of("status", OptionTypes.integer(200, 599), "Status of the answer.")
            .absentMeans("that of the response it stands for, or 200")
            .build();

    static final Option<Path> FILE = Option.of(
                    "file", OptionTypes.file(), "File that holds the body, up to 1 MiB; read at the start.")
            .absentMeans("the body is what body says")
            .build();

    static final Option<List<StatusRange>> INSTEAD_OF = Option.of(
                    "instead_of",
                    OptionTypes.list(ModelTypes.statusRange()),
                    "Statuses, such as 502 or 500-599, of the responses that this stands for; whoever made them.")
            .absentMeans("every request is answered, and no endpoint is asked")
            .build();

    static final Section SECTION = Section.of(
                    "static_response", "An answer that is always the same, or a page for errors.")
            .options(STATUS, DirectResponse.BODY, FILE, DirectResponse.CONTENT_TYPE, DirectResponse.FIELDS, INSTEAD_OF)
            .atMostOneOf(DirectResponse.BODY, FILE)
            .rule(StaticResponseOptions::requireFieldNames)
            .rule(StaticResponseOptions::requireNoBodyWithout)
            .build();

    private StaticResponseOptions() {}

    private static void requireFieldNames(Settings settings, Scope scope) {
        for (String name : settings.find(DirectResponse.FIELDS).orElse(Map.of()).keySet()) {
            if (!DirectResponse.isOrdinary(name)) {
                scope.at(DirectResponse.FIELDS.name())
                        .at(name)
                        .report(
                                Fault.Code.INVALID,
                                name,
                                "a field name that does not frame the message",
                                settings.origin(DirectResponse.FIELDS));
            }
        }
    }

    /** RFC 9110 §6.4.1. */
    private static void requireNoBodyWithout(Settings settings, Scope scope) {
        int status = settings.find(STATUS).orElse(200);
        boolean hasBody = settings.isSet(FILE)
                || !settings.find(DirectResponse.BODY).orElse("").isEmpty();
        if (hasBody && (status == 204 || status == 205 || status == 304)) {
            scope.at(STATUS.name())
                    .report(
                            Fault.Code.CONFLICT,
                            Integer.toString(status),
                            "a status that goes with a body",
                            settings.origin(STATUS));
        }
    }
}
