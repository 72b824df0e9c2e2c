package io.lb4j.plugins.tracing;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a trace travels in fields (W3C Trace Context). */
final class FieldCarrier {
    private static final FieldName TRACESTATE = FieldName.of("tracestate");
    private static final W3CTraceContextPropagator PROPAGATOR = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Fields> GETTER = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Fields carrier, String key) {
            if (carrier == null) {
                return null;
            }
            List<String> values = carrier.values(FieldName.of(key));
            return values.isEmpty() ? null : String.join(",", values);
        }
    };

    private FieldCarrier() {}

    /** Returns the trace that fields name; one that is malformed, or named twice (§3.2), is none. */
    static SpanContext read(Fields fields) {
        return Span.fromContext(PROPAGATOR.extract(Context.root(), fields, GETTER))
                .getSpanContext();
    }

    /** Names a trace in place of any other. */
    static void write(Context context, Fields fields) {
        fields.remove(FieldName.TRACEPARENT);
        fields.remove(TRACESTATE);
        PROPAGATOR.inject(context, fields, (carrier, key, value) -> {
            if (carrier != null) {
                carrier.set(key, value);
            }
        });
    }
}
