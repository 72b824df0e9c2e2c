package io.lb4j.plugins.head;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import java.util.List;
import java.util.Optional;

/** Refuses requests that are larger than a route, or a listener, wants them. Immutable. */
final class RequestSizePlugin extends BuiltIn {
    static final Option<Long> MAX_BODY = Option.of(
                    "max_body", OptionTypes.size(0, Long.MAX_VALUE), "Octets of the body; more are answered with 413.")
            .absentMeans("what the listener allows")
            .build();

    static final Option<Integer> MAX_TARGET = Option.of(
                    "max_target",
                    OptionTypes.integer(1, 1 << 20),
                    "Octets of path and query; more are answered with 414.")
            .absentMeans("what the listener allows")
            .build();

    static final Option<Long> MAX_FIELDS = Option.of(
                    "max_fields",
                    OptionTypes.size(0, 1 << 24),
                    "Octets of the header fields, with 32 for each (RFC 9113 §10.5.1); more are answered with 431.")
            .absentMeans("what the listener allows")
            .build();

    static final Option<Integer> MAX_FIELD_COUNT = Option.of(
                    "max_field_count", OptionTypes.integer(0, 1 << 16), "Header fields; more are answered with 431.")
            .absentMeans("what the listener allows")
            .build();

    static final Section SECTION = Section.of("request_size", "How large requests may be.")
            .options(MAX_BODY, MAX_TARGET, MAX_FIELDS, MAX_FIELD_COUNT)
            .rule(RequestSizePlugin::requireSomething)
            .build();

    private static final int PRIORITY = 750;

    private final Optional<Long> maxBody;
    private final Optional<Integer> maxTarget;
    private final Optional<Long> maxFields;
    private final Optional<Integer> maxFieldCount;

    RequestSizePlugin(Settings settings) {
        super(SECTION);
        maxBody = settings.find(MAX_BODY);
        maxTarget = settings.find(MAX_TARGET);
        maxFields = settings.find(MAX_FIELDS);
        maxFieldCount = settings.find(MAX_FIELD_COUNT);
    }

    private static void requireSomething(Settings settings, Scope scope) {
        if (List.of(MAX_BODY, MAX_TARGET, MAX_FIELDS, MAX_FIELD_COUNT).stream().noneMatch(settings::isSet)) {
            String expected = "one of max_body, max_target, max_fields, max_field_count";
            scope.report(Fault.Code.MISSING, "nothing", expected, Origin.byDefault());
        }
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return new Measure();
    }

    /** One request's. Confined to the exchange's event loop. */
    private final class Measure implements Filter {
        private long seen;
        private boolean refused;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            if (maxTarget.isPresent() && head.target().length() > maxTarget.get()) {
                refuse(exchange, 414);
            } else if ((maxFieldCount.isPresent() && head.fields().size() > maxFieldCount.get())
                    || (maxFields.isPresent() && head.fields().listSize() > maxFields.get())) {
                refuse(exchange, 431);
            } else if (maxBody.isPresent() && declared(head) > maxBody.get()) {
                refuse(exchange, 413);
            }
            return Verdict.CONTINUE;
        }

        /** Codecs have judged the length: where there is one it is a number. */
        private static long declared(RequestHead head) {
            return head.fields()
                    .value(FieldName.CONTENT_LENGTH)
                    .map(Long::parseLong)
                    .orElse(0L);
        }

        @Override
        public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
            seen += data.content().readableBytes();
            if (maxBody.isPresent() && seen > maxBody.get()) {
                refuse(exchange, 413);
            }
            return Verdict.CONTINUE;
        }

        private void refuse(FilterExchange exchange, int status) {
            if (!refused) {
                refused = true;
                Refusal.send(exchange, status);
            }
        }
    }
}
