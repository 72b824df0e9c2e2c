package io.lb4j.internal.control;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a cluster's endpoints on disk, for a start while their source cannot be asked. Text, a line for each fact, words between spaces and
 * encoded as in forms, a checksum at the end:
 *
 * <pre>
 * lb4j-endpoints 1
 * source consul
 * endpoint 10.0.0.1 8080 100 10.0.0.1 zone=a version=2
 * sum 1a2b3c4d
 * </pre>
 *
 * <p>It is replaced as a whole: whoever reads it finds the old or the new, also after a crash. Only its owner may read it. Immutable.
 *
 * @param path the file
 */
record EndpointFile(Path path) {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndpointFile.class);
    private static final String HEADING = "lb4j-endpoints 1";
    private static final long MAX_SIZE = 256L << 20;

    /** Returns what the file remembers of each source; nothing, with a warning, if it is not what it should be. */
    Map<String, List<Endpoint>> read() {
        try {
            if (Files.size(path) > MAX_SIZE) {
                throw new IOException("larger than " + MAX_SIZE + " octets");
            }
            return parse(Files.readString(path));
        } catch (NoSuchFileException first) {
            return Map.of();
        } catch (IOException | RuntimeException e) {
            LOGGER.warn("{}: what it remembers of endpoints cannot be used, and is ignored: {}", path, e.toString());
            return Map.of();
        }
    }

    /**
     * Puts what is known of each source in place of what the file holds.
     *
     * @throws IOException if it cannot be written; the file is as it was
     */
    void write(Map<String, List<Endpoint>> sources) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(path + ": no file (expected: a file in a folder)");
        }
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "." + absolute.getFileName(), ".tmp", ownerOnly());
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer text = StandardCharsets.UTF_8.encode(format(sources));
                while (text.hasRemaining()) {
                    channel.write(text);
                }
                channel.force(true);
            }
            move(fresh, absolute);
            force(folder);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
        return views.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void move(Path fresh, Path target) throws IOException {
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The name's change is on disk only when its folder is. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Not every system lets a folder be opened; the file itself is safe.
            LOGGER.debug("{}: cannot be forced to disk", folder, e);
        }
    }

    private static String format(Map<String, List<Endpoint>> sources) {
        StringBuilder text = new StringBuilder(HEADING).append('\n');
        sources.forEach((source, endpoints) -> {
            text.append("source ").append(encoded(source)).append('\n');
            for (Endpoint endpoint : endpoints) {
                text.append("endpoint ").append(encoded(endpoint.host()));
                text.append(' ').append(endpoint.port()).append(' ').append(endpoint.weight());
                text.append(' ').append(encoded(endpoint.name()));
                new TreeMap<>(endpoint.metadata())
                        .forEach((key, value) -> text.append(' ')
                                .append(encoded(key))
                                .append('=')
                                .append(encoded(value)));
                text.append('\n');
            }
        });
        return text + "sum " + sumOf(text.toString()) + "\n";
    }

    private static Map<String, List<Endpoint>> parse(String text) throws IOException {
        int end = text.lastIndexOf("sum ");
        if (!text.startsWith(HEADING + "\n") || end < 0) {
            throw new IOException("no beginning or no end (expected: " + HEADING + ", …, sum)");
        }
        String facts = text.substring(0, end);
        if (!text.substring(end).equals("sum " + sumOf(facts) + "\n")) {
            throw new IOException("the sum does not fit");
        }
        Map<String, List<Endpoint>> sources = new LinkedHashMap<>();
        List<Endpoint> current = new ArrayList<>();
        for (String line : facts.substring(HEADING.length() + 1).split("\n", -1)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("source")) {
                current = new ArrayList<>();
                sources.put(decoded(words[1]), current);
            } else if (words[0].equals("endpoint")) {
                current.add(endpoint(words));
            }
        }
        return sources;
    }

    private static Endpoint endpoint(String[] words) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 5; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            metadata.put(decoded(words[i].substring(0, equals)), decoded(words[i].substring(equals + 1)));
        }
        return new Endpoint(
                decoded(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]), metadata, decoded(words[4]));
    }

    private static String encoded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8);
    }

    private static String decoded(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    private static String sumOf(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
