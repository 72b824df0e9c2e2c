package io.lb4j.server;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.server.admin.AdminDoor;
import io.lb4j.server.admin.AdminServer;
import io.lb4j.server.admin.Administered;
import io.lb4j.server.admin.LogLevels;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.server.life.ConfigurationControl;
import io.lb4j.server.life.Outcome;
import io.lb4j.server.life.RestOfProcess;
import io.lb4j.server.source.ConfigurationReading;
import io.lb4j.server.source.FileWatch;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A balancer that does what a file says, also when the file changes. What it says is put in force as a whole or not at all; what was in force before is kept
 * for a way back. Thread-safe.
 */
public final class Server implements AutoCloseable {
    private final ConfigurationFile file;
    private final LoadBalancer balancer;
    private final ConfigurationControl configurations;
    private final AdminDoor admin;
    private final FileWatch watch;
    private volatile ConfigurationReading.Result last; // written while the file is locked

    private Server(
            ConfigurationFile file, ConfigurationReading.Result first, LoadBalancer balancer, Surroundings process) {
        this.file = file;
        this.balancer = balancer;
        this.last = first;
        ServerConfiguration serving = first.orThrow();
        AdminDoor door = new AdminDoor(new Administered(balancer, Optional.of(new Administration()), process.logs()));
        admin = door;
        configurations = new ConfigurationControl(
                balancer, serving, next -> new RestInForce(next, door, process), Clock.systemUTC());
        door.prepare(serving.admin()).commit();
        watch = FileWatch.start(
                ConfigurationFile.LOOK_INTERVAL,
                () -> ConfigurationReading.present(file.path(), last.files()),
                this::filesMayHaveChanged);
    }

    /**
     * The process around the balancer.
     *
     * @param apply is given each configuration that is in force, for what it says of the process
     * @param logs of the process, if they are the server's to change
     */
    record Surroundings(Consumer<ServerConfiguration> apply, Optional<LogLevels> logs) {
        /** Somebody else's. */
        static Surroundings foreign() {
            return new Surroundings(configuration -> {}, Optional.empty());
        }
    }

    /** What goes by a configuration beside the balancer: the administration and the logs. */
    private static final class RestInForce implements RestOfProcess.Prepared {
        private final ServerConfiguration next;
        private final RestOfProcess.Prepared door;
        private final Surroundings process;

        RestInForce(ServerConfiguration next, AdminDoor door, Surroundings process) {
            this.next = next;
            this.door = door.prepare(next.admin());
            this.process = process;
        }

        @Override
        public void commit() {
            process.apply().accept(next);
            door.commit();
        }

        @Override
        public void discard() {
            door.discard();
        }
    }

    /** What the administration does with the file. */
    private final class Administration implements Administered.Files {
        @Override
        public ConfigurationControl configurations() {
            return configurations;
        }

        @Override
        public Outcome reload(String cause) {
            return Server.this.reload(cause);
        }

        @Override
        public ServerConfiguration read(byte[] text) {
            return file.read(text).orThrow();
        }

        @Override
        public ConfigurationReading.Check check(byte[] text) {
            return file.check(text);
        }
    }

    /**
     * Starts a balancer that does what a file says.
     *
     * @throws ConfigurationException with all faults, if there are any
     * @throws java.io.UncheckedIOException if a listener cannot be bound
     */
    public static Server start(ConfigurationFile file) {
        return start(file, Surroundings.foreign());
    }

    static Server start(ConfigurationFile file, Surroundings process) {
        ConfigurationReading.Result first = file.read();
        ServerConfiguration configuration = first.orThrow();
        process.apply().accept(configuration);
        LoadBalancer balancer = LoadBalancer.of(configuration.balancer()).start();
        try {
            return new Server(file, first, balancer, process);
        } catch (RuntimeException e) {
            balancer.close();
            throw e;
        }
    }

    /** Returns the balancer. */
    public LoadBalancer balancer() {
        return balancer;
    }

    /** Returns what is in force, and was, and why not what was refused. */
    public ConfigurationControl configurations() {
        return configurations;
    }

    /**
     * Reads the file again and puts in force what it says, unless that is in force. Without it the same happens within a second after the file says something
     * else.
     *
     * @param cause who asks for it, for the history
     */
    public Outcome reload(String cause) {
        synchronized (file) {
            last = file.read();
            return apply(last, cause);
        }
    }

    /**
     * What the watch calls, which cannot know whether a file that looks different says anything else. Where it does not, a configuration that a request has put in force
     * since stays.
     */
    void filesMayHaveChanged() {
        synchronized (file) {
            ConfigurationReading.Result before = last;
            last = file.read();
            if (!last.saysTheSameAs(before)) {
                apply(last, "file");
            }
        }
    }

    private Outcome apply(ConfigurationReading.Result read, String cause) {
        return read.configuration()
                .map(configuration -> configurations.apply(configuration, cause))
                .orElseGet(() -> configurations.refuse(read.faults(), cause));
    }

    /** Returns the administration; empty if the configuration has none. */
    public Optional<AdminServer> admin() {
        return admin.server();
    }

    /** Looks at the file no more, and closes the balancer, which drains, and then the administration. Idempotent. */
    @Override
    public void close() {
        watch.stop();
        balancer.close(); // an update under way ends with it
        watch.close();
        admin.close(); // the last, so that the end can be looked at
    }
}
