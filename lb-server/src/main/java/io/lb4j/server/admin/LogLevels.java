package io.lb4j.server.admin;

import java.util.Map;

/** The levels of loggers, while the process runs. Thread-safe. */
public interface LogLevels {
    /** Returns the loggers that have a level of their own, with it. */
    Map<String, String> levels();

    /**
     * Sets a level, until the next configuration.
     *
     * @param logger its name, {@code ROOT} for all that have none of their own
     * @param level off, error, warn, info, debug or trace
     */
    void set(String logger, String level);
}
