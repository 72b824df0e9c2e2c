package io.lb4j.discovery;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Endpoints from a file, read again when it has changed. Thread-safe. */
final class FileDiscovery implements Discovery {
    static final Option<Path> PATH = Option.of(
                    "path",
                    OptionTypes.text(Path.class, "a file", Path::of, Path::toString),
                    "The file, JSON or lines of host:port.")
            .required()
            .build();

    static final Option<Duration> INTERVAL = Option.of(
                    "interval",
                    OptionTypes.duration(Duration.ofMillis(1)),
                    "How often the file's time, size and identity are compared.")
            .defaultsTo(Duration.ofSeconds(1))
            .build();

    static final Section SECTION =
            Section.of("file", "Endpoints from a file.").options(PATH, INTERVAL).build();

    private static final long LARGEST = 64 * 1024 * 1024;

    private final Path file;
    private final Duration interval;
    private final EndpointDocument document;
    private final EntryReader lines;

    /** What tells one state of a file from another, without its content. */
    private record Mark(FileTime time, long size, @Nullable Object identity) {}

    FileDiscovery(Settings settings) {
        file = settings.value(PATH);
        interval = settings.value(INTERVAL);
        document = EndpointDocument.inDefaultShape(file.toString());
        lines = new EntryReader(file.toString());
    }

    /**
     * Reads the file once.
     *
     * @throws IOException if it cannot be read, or not all of it understood
     */
    static void check(Settings settings) throws IOException {
        FileDiscovery discovery = new FileDiscovery(settings);
        int leftOut = discovery.read().leftOut();
        if (leftOut > 0) {
            throw new IOException(discovery.file + ": " + leftOut + " of its entries cannot be understood");
        }
    }

    @Override
    public List<Endpoint> discover() throws IOException {
        return read().endpoints();
    }

    private Entries read() throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException(file + ": larger than " + LARGEST + " octets");
            }
            // Octets that are no UTF-8 make one entry faulty, not the file.
            String text = EndpointDocument.withoutMark(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    .stripLeading();
            boolean isJson = text.startsWith("{") || (text.startsWith("[") && !startsWithAddress(text));
            return isJson ? readJson(text) : readLines(text);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        }
    }

    /** An address of IPv6 begins with a bracket, as a list does. */
    private static boolean startsWithAddress(String text) {
        return text.lines().findFirst().orElse("").matches("\\[[0-9A-Fa-f:.]+\\]:.*");
    }

    private Entries readJson(String text) throws IOException {
        try {
            return document.read(text);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private Entries readLines(String text) {
        List<Entries> entries = new ArrayList<>();
        text.lines()
                .map(FileDiscovery::withoutComment)
                .filter(line -> !line.isEmpty())
                .forEach(line -> entries.add(lines.read(line, () -> EndpointJson.parse(line))));
        return Entries.join(entries);
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        new Watch(context, listener).look();
    }

    /** Looks now and then. Confined to one task at a time. */
    private final class Watch {
        private final DiscoveryContext context;
        private final Listener listener;
        private Optional<Mark> last = Optional.empty();

        Watch(DiscoveryContext context, Listener listener) {
            this.context = context;
            this.listener = listener;
        }

        void look() {
            try {
                // Taken before the content: what is written in between is read again next time.
                Optional<Mark> present = Optional.of(mark());
                if (!present.equals(last)) {
                    Entries read = read();
                    listener.onEndpoints(read.endpoints(), read.leftOut());
                    last = present;
                }
            } catch (IOException | RuntimeException e) {
                last = Optional.empty();
                listener.onError(e);
            }
            context.schedule(interval, this::look);
        }

        private Mark mark() throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Mark(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException e) {
                throw new IOException(file + ": there is no such file", e);
            }
        }
    }
}
