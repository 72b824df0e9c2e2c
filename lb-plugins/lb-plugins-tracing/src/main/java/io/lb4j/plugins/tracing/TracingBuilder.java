package io.lb4j.plugins.tracing;

import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.List;

/** Describes how exchanges are traced. */
public final class TracingBuilder extends PartBuilder<TracingBuilder> {
    TracingBuilder() {
        super(new Draft(TracingOptions.SECTION));
    }

    @Override
    protected TracingBuilder self() {
        return this;
    }

    /** Begins a trace for each exchange, with a link to the one that the client says it is in. Default: that one goes on. */
    public TracingBuilder link() {
        return set(TracingOptions.PARENT, TracingOptions.Parent.LINK, "link");
    }

    /** Begins a trace for each exchange, whatever the client says. Default: the client's goes on. */
    public TracingBuilder ignoreClients() {
        return set(TracingOptions.PARENT, TracingOptions.Parent.IGNORE, "ignoreClients");
    }

    TracingBuilder ofEnvironment() {
        return set(TracingOptions.TELEMETRY, TracingOptions.Telemetry.ENVIRONMENT, "ofEnvironment");
    }

    Settings complete() {
        Faults faults = new Faults();
        Settings settings = draft().complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }
}
