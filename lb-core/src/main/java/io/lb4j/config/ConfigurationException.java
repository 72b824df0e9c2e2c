package io.lb4j.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. It carries every fault that was found, and its message has a line for each of the first hundred. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_TOLD =
            100; // a fault on every line of a large file makes megabytes, which logs and events would keep

    private final transient List<Fault> faults;

    /**
     * Creates the exception.
     *
     * @param faults at least one
     * @throws IllegalArgumentException if there is no fault
     */
    public ConfigurationException(List<Fault> faults) {
        super(messageOf(faults));
        this.faults = List.copyOf(faults);
    }

    /** Returns all faults in the order of the tree. Empty once the exception has been serialised; the message is not. */
    public List<Fault> faults() {
        List<Fault> known = faults;
        return known == null ? List.of() : known;
    }

    private static String messageOf(List<Fault> faults) {
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("faults: none (expected: at least one)");
        }
        String heading = faults.size() == 1
                ? "1 fault in the configuration:\n"
                : faults.size() + " faults in the configuration:\n";
        int more = faults.size() - MOST_TOLD;
        return faults.stream()
                .limit(MOST_TOLD)
                .map(Fault::toString)
                .collect(Collectors.joining("\n", heading, more > 0 ? "\n... and " + more + " more" : ""));
    }
}
