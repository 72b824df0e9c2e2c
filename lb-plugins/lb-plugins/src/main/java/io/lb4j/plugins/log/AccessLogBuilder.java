package io.lb4j.plugins.log;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Describes a log of exchanges. */
public final class AccessLogBuilder extends PartBuilder<AccessLogBuilder> {
    /** Begins with JSON for the logger {@code io.lb4j.access}. */
    public AccessLogBuilder() {
        super(new Draft(AccessLogOptions.SECTION));
    }

    @Override
    protected AccessLogBuilder self() {
        return this;
    }

    /** Sets what a line of JSON says: names of fields, {@code request.NAME} and {@code response.NAME}. Default: what is usual. */
    public AccessLogBuilder fields(String... names) {
        return addTexts(AccessLogOptions.FIELDS, List.of(names), "fields");
    }

    /** Makes lines by a pattern, {@code %{client} "%{method} %{path}" %{status}}, rather than of JSON. Default: JSON. */
    public AccessLogBuilder pattern(String pattern) {
        return setText(AccessLogOptions.PATTERN, pattern, "pattern");
    }

    /** Sets the logger that lines go to. Default: {@code io.lb4j.access}. */
    public AccessLogBuilder logger(String name) {
        return set(AccessLogOptions.LOGGER, name, "logger");
    }

    /** Appends lines to a file. Default: they go to the logger. */
    public AccessLogBuilder file(Path file) {
        return set(AccessLogOptions.FILE, file, "file");
    }

    /** Sets after how many octets another file is begun, and how many are kept. Default: 100 MiB, 10 files. */
    public AccessLogBuilder rotate(long maxSize, int maxFiles) {
        set(AccessLogOptions.MAX_SIZE, maxSize, "rotate");
        return set(AccessLogOptions.MAX_FILES, maxFiles, "rotate");
    }

    /** Sets how many lines may wait to be written. Default: 10,000. */
    public AccessLogBuilder queue(int lines) {
        return set(AccessLogOptions.QUEUE, lines, "queue");
    }

    /** Sets the header fields whose values are not shown. Default: those that hold credentials. */
    public AccessLogBuilder redact(String... names) {
        return addTexts(AccessLogOptions.REDACT, List.of(names), "redact");
    }

    /** Shows queries, but for the values of these parameters. Default: the names of parameters only. */
    public AccessLogBuilder fullQuery(String... redacted) {
        set(AccessLogOptions.QUERY, Redaction.Query.FULL, "fullQuery");
        return redacted.length == 0 ? this : addTexts(AccessLogOptions.REDACT_QUERY, List.of(redacted), "fullQuery");
    }

    /** Leaves queries out. Default: the names of parameters are shown. */
    public AccessLogBuilder withoutQuery() {
        return set(AccessLogOptions.QUERY, Redaction.Query.NONE, "withoutQuery");
    }

    /** Adds a rule that says which share of some exchanges is logged. Default: all are. */
    public AccessLogBuilder rule(Consumer<? super SampleRuleBuilder> rule) {
        Draft added = new Draft(SampleRule.SECTION);
        rule.accept(new SampleRuleBuilder(added));
        draft().add(AccessLogOptions.SAMPLES, added, Origin.setter("rule", PartBuilder.class::isAssignableFrom));
        return this;
    }
}
