package io.lb4j.testkit.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How to start a server process and how to see that it is ready. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: the environment and folder of this process, ready at once, 60 seconds to get ready, 5 seconds to end.
 */
public final class Launch {
    private static final Duration DEFAULT_READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

    private final List<String> command;
    private final Surroundings surroundings;
    private final Predicate<RealServer> probe;
    private final Limits limits;

    private Launch(List<String> command, Surroundings surroundings, Predicate<RealServer> probe, Limits limits) {
        this.command = List.copyOf(command);
        this.surroundings = surroundings;
        this.probe = probe;
        this.limits = limits;
    }

    /**
     * A command without a shell.
     *
     * @param command the program, found on the PATH, and its arguments; it must stay in the foreground
     * @return with defaults
     */
    public static Launch command(String... command) {
        Limits limits = new Limits(DEFAULT_READY_WITHIN, DEFAULT_GRACE);
        return new Launch(List.of(command), new Surroundings(Map.of(), Optional.empty()), server -> true, limits);
    }

    /**
     * Default: that of this process. Adds to the environment.
     *
     * @param name of the variable
     * @param value of the variable
     * @return a changed copy
     */
    public Launch environment(String name, String value) {
        Map<String, String> more = new HashMap<>(surroundings.environment);
        more.put(name, value);
        return new Launch(command, new Surroundings(more, surroundings.folder), probe, limits);
    }

    /**
     * Default: that of this process. The folder to start in.
     *
     * @param path exists
     * @return a changed copy
     */
    public Launch in(Path path) {
        return new Launch(command, new Surroundings(surroundings.environment, Optional.of(path)), probe, limits);
    }

    /**
     * Default: ready at once. Ready as soon as a connection to this address is accepted.
     *
     * @param address of a TCP port
     * @return a changed copy
     */
    public Launch readyOn(InetSocketAddress address) {
        return readyWhen(server -> accepts(address));
    }

    /**
     * Default: ready at once. Ready as soon as a line of the output contains this text.
     *
     * @param text part of a line
     * @return a changed copy
     */
    public Launch readyOnOutput(String text) {
        return readyWhen(server -> server.output().stream().anyMatch(line -> line.contains(text)));
    }

    /**
     * Default: ready at once. Ready as soon as this is true.
     *
     * @param condition asked every 20 milliseconds
     * @return a changed copy
     */
    public Launch readyWhen(Predicate<RealServer> condition) {
        return new Launch(command, surroundings, condition, limits);
    }

    /**
     * Default: 60 seconds. How long it may take to get ready.
     *
     * @param patience more than zero
     * @return a changed copy
     */
    public Launch readyWithin(Duration patience) {
        return new Launch(command, surroundings, probe, new Limits(patience, limits.grace));
    }

    /**
     * Default: 5 seconds. How long the process may take to end after SIGTERM before it is killed.
     *
     * @param period zero kills at once
     * @return a changed copy
     */
    public Launch grace(Duration period) {
        return new Launch(command, surroundings, probe, new Limits(limits.readyWithin, period));
    }

    String program() {
        return command.get(0);
    }

    Limits limits() {
        return limits;
    }

    boolean isReady(RealServer server) {
        return probe.test(server);
    }

    ProcessBuilder processBuilder() {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(surroundings.environment);
        surroundings.folder.ifPresent(path -> builder.directory(path.toFile()));
        return builder;
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            // Refused: not ready yet, which is what is asked.
            return false;
        }
    }

    private record Surroundings(Map<String, String> environment, Optional<Path> folder) {
        Surroundings {
            environment = Map.copyOf(environment);
        }
    }

    record Limits(Duration readyWithin, Duration grace) {}
}
