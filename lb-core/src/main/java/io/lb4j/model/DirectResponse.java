package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import java.util.Map;
import java.util.Set;

/** An answer that is given without asking an endpoint. Immutable. */
public final class DirectResponse extends View {
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "trailer", "upgrade");

    /** The status. */
    public static final Option<Integer> STATUS = Option.of(
                    "status", OptionTypes.integer(200, 599), "Status of the answer.")
            .required()
            .build();

    /** The body. */
    public static final Option<String> BODY = Option.of(
                    "body",
                    OptionTypes.text(String.class, "a text", text -> text, text -> text),
                    "Body of the answer, sent in UTF-8.")
            .defaultsTo("")
            .build();

    /** The body's type. */
    public static final Option<String> CONTENT_TYPE = Option.of(
                    "content_type", ModelTypes.fieldValue(), "Media type of the body, where there is one.")
            .defaultsTo("text/plain; charset=utf-8")
            .build();

    /** Further fields. */
    public static final Option<Map<String, String>> FIELDS = Option.of(
                    "fields",
                    OptionTypes.map("field names", ModelTypes.fieldValue()),
                    "Further header fields of the answer.")
            .defaultsTo(Map.of())
            .build();

    /** The options of a direct response. */
    public static final Section SECTION = Section.of("respond", "An answer that is given without asking an endpoint.")
            .options(STATUS, BODY, CONTENT_TYPE, FIELDS)
            .rule(DirectResponse::requireFieldNames)
            .rule(DirectResponse::requireNoBodyWithout)
            .build();

    DirectResponse(Settings settings) {
        super(settings);
    }

    private static void requireFieldNames(Settings settings, Scope scope) {
        for (String name : settings.find(FIELDS).orElse(Map.of()).keySet()) {
            if (!isOrdinary(name)) {
                String expected = "a field name that does not frame the message";
                scope.at(FIELDS.name()).at(name).report(Fault.Code.INVALID, name, expected, settings.origin(FIELDS));
            }
        }
    }

    /** Returns whether a configuration may set a field of this name: it is a token, and does not frame the message. */
    public static boolean isOrdinary(String name) {
        try {
            return !FRAMING.contains(FieldName.of(name).toString());
        } catch (IllegalArgumentException e) {
            // No token: the caller reports the name.
            return false;
        }
    }

    /** A 204 or 304 has no body (RFC 9110 §6.4.1). */
    private static void requireNoBodyWithout(Settings settings, Scope scope) {
        int status = settings.find(STATUS).orElse(200);
        boolean bodiless = status == 204 || status == 205 || status == 304;
        if (bodiless && !settings.find(BODY).orElse("").isEmpty()) {
            String expected = "none with status " + status;
            scope.at(BODY.name()).report(Fault.Code.CONFLICT, "a body", expected, settings.origin(BODY));
        }
    }

    /** Returns the status. */
    public int status() {
        return settings().value(STATUS);
    }

    /** Returns the body, to be sent in UTF-8; empty by default. */
    public String body() {
        return settings().value(BODY);
    }

    /** Returns the body's media type; plain text in UTF-8 by default. */
    public String contentType() {
        return settings().value(CONTENT_TYPE);
    }

    /** Returns further header fields; none by default. */
    public Map<String, String> fields() {
        return settings().value(FIELDS);
    }
}
