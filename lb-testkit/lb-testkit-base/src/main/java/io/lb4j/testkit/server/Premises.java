package io.lb4j.testkit.server;

import io.lb4j.testkit.net.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server process is given for itself: a free port of 127.0.0.1, for TCP and UDP, and an empty folder. Both go when it is closed.
 *
 * @param port reserved as long as this is open
 * @param folder for configuration and data
 */
record Premises(ReservedPort port, Path folder) implements AutoCloseable {
    /** Says, when the files have been written, how the server is started. */
    interface Furnishing {
        Launch furnish(Premises premises) throws IOException;
    }

    /** Makes premises; the name of the server is part of the folder's. */
    static Premises forServer(String name) {
        ReservedPort port = ReservedPort.any();
        try {
            return new Premises(port, Files.createTempDirectory("lb4j-" + name));
        } catch (IOException e) {
            port.close();
            throw new UncheckedIOException("no temporary folder", e);
        }
    }

    /** Starts the server; if it does not start, these premises are closed. */
    RealServer start(Furnishing furnishing) {
        try {
            return RealServer.start(furnishing.furnish(this));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("cannot write below " + folder, e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Removes the folder with all that is in it, and gives the port back. */
    @Override
    public void close() {
        port.close();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
