package io.lb4j.testkit.leak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sockets and event descriptors (epoll, eventfd, io_uring, timerfd) that this process had open at one moment, to find
 * those that came later and stayed. Files and pipes do not count. Linux only. Immutable and thread-safe.
 */
public final class Descriptors {
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final int INODE_COLUMN = 9;

    private final Collection<String> known;

    private Descriptors(Collection<String> known) {
        this.known = known;
    }

    /**
     * Whether this system shows a process its descriptors.
     *
     * @return true on Linux
     */
    public static boolean areVisible() {
        return Files.isDirectory(OPEN);
    }

    /**
     * Takes note of all sockets and event descriptors that are open now.
     *
     * @return a snapshot
     * @throws UnsupportedOperationException unless {@link #areVisible}
     */
    public static Descriptors snapshot() {
        if (!areVisible()) {
            throw new UnsupportedOperationException(OPEN + " (expected: a system that has it; ask areVisible() first)");
        }
        openWhatTheJdkKeeps();
        return new Descriptors(open().values());
    }

    /**
     * How many sockets and event descriptors are open now.
     *
     * @return in the whole process
     */
    public static int count() {
        return open().size();
    }

    /**
     * What is open now and was not then.
     *
     * @return descriptor number to what it is: {@code socket:[12345]}, {@code anon_inode:[eventpoll]}
     */
    public Map<Integer, String> left() {
        Map<Integer, String> left = open();
        // An anonymous inode has no identity, so it is counted: each known one excuses one of its kind.
        known.forEach(target -> left.values().remove(target));
        return left;
    }

    /** Says of the TCP sockets among some descriptors what they are connected to. */
    private static Map<Integer, String> described(Map<Integer, String> descriptors) {
        Map<String, String> connections = new HashMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                    // proc(5): number, local address, remote address, state, four more, owner, one more, inode; in
                    // hexadecimal
                    String[] columns = line.trim().split("\\s+", -1);
                    if (columns.length > INODE_COLUMN) {
                        connections.put(
                                "socket:[" + columns[INODE_COLUMN] + "]",
                                portOf(columns[1]) + " to " + portOf(columns[2]) + " state " + columns[3]);
                    }
                }
            } catch (IOException e) {
                connections.put(table, e.toString());
            }
        }
        Map<Integer, String> described = new TreeMap<>(descriptors);
        described.replaceAll((number, target) -> target + " " + connections.getOrDefault(target, ""));
        return described;
    }

    private static int portOf(String address) {
        int colon = address.indexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(address.substring(colon + 1), 16);
    }

    /**
     * Gives descriptors thirty seconds to close, and fails if any stays.
     *
     * @throws AssertionError with each descriptor that stays
     */
    public void assertNoneLeft() {
        assertNoneLeft(Patience.DEFAULT);
    }

    /**
     * Gives descriptors some time to close, and fails if any stays.
     *
     * @param patience how long
     * @throws AssertionError with each descriptor that stays
     */
    public void assertNoneLeft(Duration patience) {
        if (!Patience.untilTrue(patience, () -> left().isEmpty())) {
            throw new AssertionError("descriptors left after " + patience + " (expected: none): " + described(left()));
        }
    }

    private static Map<Integer, String> open() {
        Map<Integer, String> open = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(OPEN)) {
            for (Path entry : entries) {
                String target = target(entry);
                if (isCounted(target)) {
                    open.put(Integer.valueOf(entry.getFileName().toString()), target);
                }
            }
            return open;
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("cannot read " + OPEN, e);
        }
    }

    private static boolean isCounted(String target) {
        return target.startsWith("socket:") || target.startsWith("anon_inode:");
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            // Closed between the listing and this look, so it is not open.
            return "";
        }
    }

    /** The JDK opens one socket for itself when it first closes one, and keeps it: not a leak of the test's. */
    private static void openWhatTheJdkKeeps() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(1);
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
    }
}
