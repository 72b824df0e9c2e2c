package io.lb4j.server.admin;

import io.lb4j.LoadBalancer;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.server.life.ConfigurationControl;
import io.lb4j.server.life.Outcome;
import io.lb4j.server.source.ConfigurationReading;
import java.util.Optional;

/**
 * What is administered. Immutable.
 *
 * @param balancer that serves
 * @param files where its configuration comes from; empty if it is given one by code
 * @param logs of the process; empty if they are somebody else's
 */
public record Administered(LoadBalancer balancer, Optional<Files> files, Optional<LogLevels> logs) {
    /** Names a balancer of whose process nothing else is known. */
    public static Administered of(LoadBalancer balancer) {
        return new Administered(balancer, Optional.empty(), Optional.empty());
    }

    /** A configuration that stands in files. Thread-safe. */
    public interface Files {
        /** Returns what is in force, and was. */
        ConfigurationControl configurations();

        /** Reads them again. */
        Outcome reload(String cause);

        /**
         * Checks a text as if it stood there.
         *
         * @throws io.lb4j.config.ConfigurationException with all faults
         */
        ServerConfiguration read(byte[] text);

        /** Checks a text as if it stood there, with the files that it names; it is not about to be put in force. */
        ConfigurationReading.Check check(byte[] text);
    }
}
