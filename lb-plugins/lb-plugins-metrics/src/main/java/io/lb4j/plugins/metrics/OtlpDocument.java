package io.lb4j.plugins.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a registry as a request of OTLP in JSON (opentelemetry.io, "OTLP Specification", {@code ExportMetricsServiceRequest}): counters are cumulative sums, timers and
 * distributions are histograms with explicit bounds, everything else that has a value is a gauge. Times are seconds. Confined to one thread.
 */
final class OtlpDocument {
    private static final String CUMULATIVE = "\"aggregationTemporality\":2";

    private final String start;
    private final String now;
    private final Map<String, StringBuilder> metrics = new LinkedHashMap<>(); // by name, open behind the last point

    private OtlpDocument(Instant start, Instant now) {
        this.start = nanos(start);
        this.now = nanos(now);
    }

    /**
     * Writes a document.
     *
     * @param meters of several of one name and labels the first one counts
     * @param resource attributes of whoever has counted
     * @param start when counting began
     */
    static String of(Collection<Meter> meters, Map<String, String> resource, Instant start, Instant now) {
        OtlpDocument document = new OtlpDocument(start, now);
        Set<Meter.Id> written = new HashSet<>();
        meters.stream().filter(meter -> written.add(meter.getId())).forEach(document::add);
        StringBuilder out = new StringBuilder("{\"resourceMetrics\":[{\"resource\":{\"attributes\":[");
        resource.forEach((key, value) -> attribute(key, value, out));
        out.append("]},\"scopeMetrics\":[{\"scope\":{\"name\":\"lb4j\"},\"metrics\":[");
        String comma = "";
        for (StringBuilder metric : document.metrics.values()) {
            out.append(comma).append(metric).append("]}}");
            comma = ",";
        }
        return out.append("]}]}]}").toString();
    }

    private static String nanos(Instant time) {
        return Long.toString(TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano());
    }

    private void add(Meter meter) {
        if (meter instanceof Timer timer) {
            HistogramSnapshot snapshot = timer.takeSnapshot();
            histogram(meter, snapshot, snapshot.total(TimeUnit.SECONDS), each -> each.bucket(TimeUnit.SECONDS));
        } else if (meter instanceof DistributionSummary summary) {
            HistogramSnapshot snapshot = summary.takeSnapshot();
            histogram(meter, snapshot, snapshot.total(), CountAtBucket::bucket);
        } else if (meter instanceof Counter counter) {
            number(meter, "sum\":{\"isMonotonic\":true," + CUMULATIVE + ",", counter.count());
        } else if (meter instanceof FunctionCounter counter) {
            number(meter, "sum\":{\"isMonotonic\":true," + CUMULATIVE + ",", counter.count());
        } else if (meter instanceof Gauge gauge) {
            number(meter, "gauge\":{", gauge.value());
        }
    }

    private void number(Meter meter, String kind, double value) {
        if (Double.isFinite(value)) {
            point(meter, kind).append(",\"asDouble\":").append(value).append('}');
        }
    }

    private void histogram(Meter meter, HistogramSnapshot snapshot, double sum, ToDoubleFunction<CountAtBucket> bound) {
        StringBuilder counts = new StringBuilder();
        StringBuilder bounds = new StringBuilder();
        long before = 0;
        for (CountAtBucket each : snapshot.histogramCounts()) {
            if (Double.isFinite(bound.applyAsDouble(each)) && each.bucket() < Double.MAX_VALUE) {
                long upTo = Math.max(before, (long) each.count()); // counts go on while they are read
                counts.append('"').append(upTo - before).append("\",");
                bounds.append(bounds.length() == 0 ? "" : ",").append(bound.applyAsDouble(each));
                before = upTo;
            }
        }
        long count = Math.max(before, snapshot.count());
        point(meter, "histogram\":{" + CUMULATIVE + ",")
                .append(",\"count\":\"")
                .append(count)
                .append("\",\"sum\":")
                .append(Double.isFinite(sum) ? sum : 0)
                .append(",\"bucketCounts\":[")
                .append(counts)
                .append('"')
                .append(count - before)
                .append("\"],\"explicitBounds\":[")
                .append(bounds)
                .append("]}");
    }

    /** Begins a point of a metric, and the metric if it is the first one. */
    private StringBuilder point(Meter meter, String kind) {
        Meter.Id id = meter.getId();
        StringBuilder out = metrics.get(id.getName());
        if (out == null) {
            out = new StringBuilder(256).append("{\"name\":");
            quote(id.getName(), out);
            out.append(",\"description\":");
            quote(Optional.ofNullable(id.getDescription()).orElse(""), out);
            out.append(",\"unit\":");
            quote(unit(meter), out);
            out.append(",\"").append(kind).append("\"dataPoints\":[");
            metrics.put(id.getName(), out);
        } else {
            out.append(',');
        }
        out.append("{\"attributes\":[");
        attributes(id.getTags(), out);
        return out.append("],\"startTimeUnixNano\":\"")
                .append(start)
                .append("\",\"timeUnixNano\":\"")
                .append(now)
                .append('"');
    }

    /** Returns the unit as OpenTelemetry writes it (UCUM). */
    private static String unit(Meter meter) {
        if (meter instanceof Timer) {
            return "s";
        }
        String unit = Optional.ofNullable(meter.getId().getBaseUnit()).orElse("");
        return unit.equals("bytes") ? "By" : unit;
    }

    private static void attributes(List<Tag> tags, StringBuilder out) {
        for (Tag tag : tags) {
            if (!tag.getValue().isEmpty()) {
                attribute(tag.getKey(), tag.getValue(), out);
            }
        }
    }

    private static void attribute(String key, String value, StringBuilder out) {
        out.append(out.charAt(out.length() - 1) == '[' ? "" : ",").append("{\"key\":");
        quote(key, out);
        out.append(",\"value\":{\"stringValue\":");
        quote(value, out);
        out.append("}}");
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
