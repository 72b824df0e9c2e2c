package io.lb4j.plugins.head;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;

/** Changes the fields of requests and responses. Immutable. */
final class HeadersPlugin extends BuiltIn implements Filter {
    static final Option<Settings> REQUEST = Option.of(
                    "request", OptionTypes.section(FieldEdits.SECTION), "What is done to the fields of requests.")
            .absentMeans("nothing")
            .build();

    static final Option<Settings> RESPONSE = Option.of(
                    "response", OptionTypes.section(FieldEdits.SECTION), "What is done to the fields of responses.")
            .absentMeans("nothing")
            .build();

    static final Section SECTION = Section.of("headers", "Header fields that are removed, set and added.")
            .options(REQUEST, RESPONSE)
            .rule(HeadersPlugin::requireSomething)
            .build();

    private static final FieldEdits NOTHING = new FieldEdits(Settings.defaults(FieldEdits.SECTION));

    private final FieldEdits request;
    private final FieldEdits response;

    HeadersPlugin(Settings settings) {
        super(SECTION);
        request = settings.find(REQUEST).map(FieldEdits::new).orElse(NOTHING);
        response = settings.find(RESPONSE).map(FieldEdits::new).orElse(NOTHING);
    }

    private static void requireSomething(Settings settings, Scope scope) {
        if (!settings.isSet(REQUEST) && !settings.isSet(RESPONSE)) {
            scope.report(Fault.Code.MISSING, "nothing", "one of request, response", Origin.byDefault());
        }
    }

    @Override
    public Type type() {
        if (response.isEmpty()) {
            return Type.REQUEST;
        }
        return request.isEmpty() ? Type.RESPONSE : Type.BOTH;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        request.apply(head.fields());
        return Verdict.CONTINUE;
    }

    @Override
    public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
        response.apply(head.fields());
        return Verdict.CONTINUE;
    }
}
