package io.lb4j.testkit.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A server as a child process: started, awaited until it is ready, its output kept, ended by its own process id, and
 * never left behind: what still runs when the JVM ends is killed. Thread-safe.
 *
 * <pre>{@code
 * try (ReservedPort port = ReservedPort.any();
 *         RealServer etcd = RealServer.start(Launch.command("etcd", "--listen-client-urls", "http://127.0.0.1:" + port.port(), …)
 *                 .readyOn(port.address()))) { … }
 * }</pre>
 */
public final class RealServer implements AutoCloseable {
    private static final int KEPT_LINES = 10_000;
    private static final int SHOWN_LINES = 40;
    private static final long PROBE_INTERVAL_NANOS = 20_000_000;
    private static final long KILL_SECONDS = 60;
    private static final long OUTPUT_SECONDS = 10; // for what a process has written and nobody has read yet

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(RealServer::kill), "real-servers-end"));
    }

    private final Launch launch;
    private final Process process;
    private final Thread reader;
    private final Deque<String> output = new ArrayDeque<>(); // guarded by itself

    private RealServer(Launch launch, Process process) {
        this.launch = launch;
        this.process = process;
        this.reader = new Thread(this::readOutput, "output-of-" + process.pid());
        reader.setDaemon(true);
    }

    /**
     * Whether a program can be started by its name alone.
     *
     * @param program a file name
     * @return true if a folder of the PATH, or {@code /usr/sbin}, has an executable file of that name
     */
    public static boolean isInstalled(String program) {
        return locate(program).isPresent();
    }

    /**
     * Has a test skipped where programs are missing, and says which; where the environment says {@code CI=true} it fails instead, for there
     * everything is to be tested.
     *
     * @param programs file names
     * @throws AssertionError if one is missing, and {@code CI=true}
     */
    public static void require(String... programs) {
        for (String program : programs) {
            if (!isInstalled(program)) {
                String missing = "the program " + program + " is not on this machine";
                if ("true".equals(System.getenv("CI"))) {
                    throw new AssertionError(missing);
                }
                Assumptions.abort(missing);
            }
        }
    }

    /**
     * Where a program is.
     *
     * @param program a file name
     * @return the first executable file of that name on the PATH, or in {@code /usr/sbin}
     */
    public static Optional<Path> locate(String program) {
        // Debian keeps servers in /usr/sbin, which is not on everybody's PATH.
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator, -1)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns what to start a program by: its path where it is found, its name where not, for the message of the failure. */
    static String program(String name) {
        return locate(name).map(Path::toString).orElse(name);
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param launch command and conditions
     * @return ready
     * @throws UncheckedIOException if the program cannot be started
     * @throws AssertionError with the output, if it ends or does not get ready in time; it is gone by then
     */
    public static RealServer start(Launch launch) {
        RealServer server;
        try {
            Process process = launch.processBuilder().start();
            RUNNING.add(process);
            server = new RealServer(launch, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + launch.program(), e);
        }
        server.reader.start();
        try {
            server.awaitReady();
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /**
     * The process id.
     *
     * @return of the child, not of its own children
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether the process runs.
     *
     * @return false after its end
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * What the process has written to its output and error streams.
     *
     * @return the last 10,000 lines
     */
    public List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    /**
     * Sends a signal to the process.
     *
     * @param name without SIG: {@code HUP}, {@code STOP}
     * @throws IllegalStateException if the signal cannot be sent
     */
    public void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("signal: " + name + " to " + this + " (expected: a running process)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the process and its children at once, as a crash would, and waits until they are gone. */
    public void kill() {
        kill(process);
        awaitEnd();
    }

    /** Asks the process to end (SIGTERM), kills it after the grace period, and waits until it is gone. */
    @Override
    public void close() {
        Stream<ProcessHandle> children = process.descendants().toList().stream();
        process.destroy();
        if (!endsWithin(launch.limits().grace().toMillis())) {
            kill(process);
        }
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    @Override
    public String toString() {
        return launch.program() + " (pid " + pid() + ", " + (isAlive() ? "running" : "ended") + ")";
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + launch.limits().readyWithin().toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (launch.isReady(this)) {
                return;
            }
            LockSupport.parkNanos(PROBE_INTERVAL_NANOS);
        }
        String fate = process.isAlive()
                ? "is not ready after " + launch.limits().readyWithin()
                : "ended with exit code " + process.exitValue() + " before it was ready";
        awaitOutputIfEnded();
        List<String> lines = output();
        throw new AssertionError(this + " " + fate + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
    }

    private void awaitOutputIfEnded() {
        if (!process.isAlive()) {
            joinReader();
        }
    }

    private void awaitEnd() {
        if (!endsWithin(TimeUnit.SECONDS.toMillis(KILL_SECONDS))) {
            throw new IllegalStateException(this + " survives SIGKILL");
        }
        RUNNING.remove(process);
        joinReader();
    }

    private boolean endsWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Interrupted tests must not leave processes behind either: no more waiting, on to the kill.
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private void joinReader() {
        try {
            reader.join(TimeUnit.SECONDS.toMillis(OUTPUT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
            }
        } catch (IOException e) {
            keep("(output ends: " + e.getMessage() + ")");
        }
    }

    private void keep(String line) {
        synchronized (output) {
            output.add(line);
            if (output.size() > KEPT_LINES) {
                output.remove();
            }
        }
    }

    private static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
