package io.lb4j.server.config;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Configuration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All that a process is told: the balancer's configuration, and what is said of the process itself. Immutable; two are equal if they say the
 * same, wherever it stands.
 */
public final class ServerConfiguration {
    /** What is logged. */
    public static final Option<Settings> LOGGING = Option.of(
                    "logging", OptionTypes.section(LoggingOptions.SECTION), LoggingOptions.SECTION.doc())
            .defaultsTo(Settings.defaults(LoggingOptions.SECTION))
            .build();

    /** Where the process is administered from. */
    public static final Option<Settings> ADMIN = Option.of(
                    "admin", OptionTypes.section(AdminOptions.SECTION), AdminOptions.SECTION.doc())
            .absentMeans("it is not administered")
            .build();

    /** What stands at the top beside the balancer's own sections. */
    public static final Section SECTION = Section.of("server", "What a process is told beside its balancer.")
            .options(LOGGING, ADMIN)
            .build();

    private final Configuration balancer;
    private final Settings process;

    /**
     * Puts both together.
     *
     * @param process settings of {@link #SECTION}
     */
    public ServerConfiguration(Configuration balancer, Settings process) {
        this.balancer = balancer;
        this.process = process;
    }

    /** Returns what the balancer is told. */
    public Configuration balancer() {
        return balancer;
    }

    /** Returns what is logged. */
    public LoggingOptions logging() {
        return new LoggingOptions(process.value(LOGGING));
    }

    /** Returns where the process is administered from; from nowhere by default. */
    public Optional<AdminOptions> admin() {
        return process.find(ADMIN).map(AdminOptions::new);
    }

    /** Returns all values in effect as texts, numbers, booleans, lists and maps; secrets are masked. */
    public Map<String, Object> toTree() {
        return toTree(secret -> "***");
    }

    /**
     * Returns all values in effect as {@link #toTree()} does, with something else in the place of secrets.
     *
     * @param mask is given each secret, and returns what stands in its place
     */
    public Map<String, Object> toTree(UnaryOperator<Object> mask) {
        Map<String, Object> tree = new LinkedHashMap<>(balancer.settings().toTree(mask));
        tree.putAll(process.toTree(mask));
        return Collections.unmodifiableMap(tree);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerConfiguration configuration
                && configuration.balancer.equals(balancer)
                && configuration.process.equals(process);
    }

    @Override
    public int hashCode() {
        return 31 * balancer.hashCode() + process.hashCode();
    }

    @Override
    public String toString() {
        return toTree().toString();
    }
}
