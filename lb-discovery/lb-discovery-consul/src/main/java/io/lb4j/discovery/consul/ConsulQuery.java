package io.lb4j.discovery.consul;

import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistrySettings;
import java.util.HashMap;
import java.util.Map;

/** Which instances of a service are wanted. Immutable: each setter returns a changed copy. */
public final class ConsulQuery extends RegistrySettings<ConsulQuery> {
    ConsulQuery(Settings settings) {
        super(settings);
    }

    @Override
    protected ConsulQuery with(Settings changed) {
        return new ConsulQuery(changed);
    }

    /** Asks for a tag, beside those asked for already. Default: none. */
    public ConsulQuery tag(String tag) {
        return add(ConsulOptions.TAGS, tag, "tag");
    }

    /** Asks for metadata of the instance, beside those asked for already. Default: none. */
    public ConsulQuery metadata(String name, String value) {
        Map<String, String> more = new HashMap<>(settings().value(ConsulOptions.METADATA));
        more.put(name, value);
        return set(ConsulOptions.METADATA, more, "metadata");
    }

    /** Has the servers apply a filter in Consul's own language. Default: none. */
    public ConsulQuery filter(String expression) {
        return set(ConsulOptions.FILTER, expression, "filter");
    }

    /** Takes instances with a check that warns too, with Consul's weight for it. Default: those only whose checks all pass. */
    public ConsulQuery orWarning() {
        return set(ConsulOptions.HEALTH, ConsulOptions.Health.WARNING, "orWarning");
    }

    /** Takes all instances, whatever their checks say. Default: those only whose checks all pass. */
    public ConsulQuery whateverItsHealth() {
        return set(ConsulOptions.HEALTH, ConsulOptions.Health.ANY, "whateverItsHealth");
    }

    /** Asks another datacenter. Default: the agent's. */
    public ConsulQuery datacenter(String name) {
        return set(ConsulOptions.DATACENTER, name, "datacenter");
    }

    /** Asks for a namespace. Default: the token's. */
    public ConsulQuery namespace(String name) {
        return set(ConsulOptions.NAMESPACE, name, "namespace");
    }

    /** Asks for a service that is imported from a peer. Default: one that is not. */
    public ConsulQuery peer(String name) {
        return set(ConsulOptions.PEER, name, "peer");
    }
}
