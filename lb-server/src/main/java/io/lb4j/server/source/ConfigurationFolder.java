package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.server.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files that a configuration stands in: one, or all of a folder in the order of their names. Immutable. */
final class ConfigurationFolder {
    /** Octets beyond which a file is refused. */
    static final int MAX_SIZE = 16 << 20;

    /** Files beyond which a folder is refused. */
    static final int MAX_FILES = 1_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path path;

    ConfigurationFolder(Path path) {
        this.path = path;
    }

    /** Returns the files at present; reports a folder without any, or with too many. */
    List<Path> files(Faults faults) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> listed = Files.list(path)) {
            List<Path> found = listed.filter(ConfigurationFolder::isConfiguration)
                    .sorted()
                    .limit(MAX_FILES + 1)
                    .toList();
            if (found.isEmpty() || found.size() > MAX_FILES) {
                String seen = found.isEmpty() ? "no file" : "more than " + MAX_FILES + " files";
                unreadable(path, seen, "files that end in .yaml or .yml, at most " + MAX_FILES, faults);
                return List.of();
            }
            return found;
        } catch (IOException e) {
            unreadable(path, FileTrouble.of(e), "a folder that can be read", faults);
            return List.of();
        } catch (UncheckedIOException e) { // it went while it was listed
            unreadable(path, FileTrouble.of(Objects.requireNonNull(e.getCause())), "a folder that can be read", faults);
            return List.of();
        }
    }

    /** Returns the files at present, and others, to be watched; a folder counts itself, for it may be gone. */
    static Set<Path> present(Path path, Set<Path> others) {
        Set<Path> all = new TreeSet<>(others);
        all.addAll(new ConfigurationFolder(path).files(new Faults()));
        all.add(path);
        return all;
    }

    /** A mounted ConfigMap has its files as links beside folders whose names begin with dots. */
    private static boolean isConfiguration(Path file) {
        String name = file.getFileName().toString();
        boolean fits = name.endsWith(".yaml") || name.endsWith(".yml");
        return fits && !name.startsWith(".") && !Files.isDirectory(file);
    }

    /** Reads a file. */
    static Optional<Node> read(Path file, Faults faults) {
        try {
            FileTrouble.requireFile(file);
            return parse(file, beginning(file), faults);
        } catch (IOException e) {
            unreadable(file, FileTrouble.of(e), "a file that can be read", faults);
            return Optional.empty();
        }
    }

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_SIZE + 1);
        }
    }

    /** Reads what stands in a file, or is to stand there. */
    static Optional<Node> parse(Path file, byte[] octets, Faults faults) {
        if (octets.length > MAX_SIZE) {
            unreadable(file, "more than " + (MAX_SIZE >> 20) + " MiB", "at most " + (MAX_SIZE >> 20) + " MiB", faults);
            return Optional.empty();
        }
        return decoded(file, octets, faults).flatMap(text -> {
            int before = faults.all().size();
            Optional<Node> node = YamlReader.read(file.toString(), text, faults);
            if (node.isEmpty() && faults.all().size() == before) {
                unreadable(file, "nothing in it", "a configuration", faults);
            }
            return node;
        });
    }

    private static Optional<String> decoded(Path file, byte[] octets, Faults faults) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
            boolean isMarked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
            return Optional.of(isMarked ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            // The decoder stops where the text does.
            String before = new String(octets, 0, in.position(), StandardCharsets.UTF_8);
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            int column = before.length() - before.lastIndexOf('\n');
            String seen = String.format("the octet 0x%02X", octets[in.position()]);
            Origin place = new Origin.Place(file.toString(), line, column);
            faults.add(Fault.of(file.toString(), Fault.Code.UNREADABLE, seen, "text in UTF-8", place));
            return Optional.empty();
        }
    }

    private static void unreadable(Path file, String seen, String expected, Faults faults) {
        Origin place = new Origin.Place(file.toString(), 1, 1);
        faults.add(Fault.of(file.toString(), Fault.Code.UNREADABLE, seen, expected, place));
    }

    /** Merges the trees of several files into one. */
    static Node.Entries merged(List<Node> trees, Faults faults) {
        List<Node.Entry> all = new ArrayList<>();
        for (Node tree : trees) {
            if (tree instanceof Node.Entries entries) {
                all.addAll(entries.entries());
            } else {
                String expected = "keys such as listeners, clusters and routes";
                String file = tree.origin() instanceof Origin.Place place
                        ? place.file()
                        : tree.origin().toString();
                faults.add(Fault.of(file, Fault.Code.WRONG_SHAPE, "no keys", expected, tree.origin()));
            }
        }
        Origin origin = trees.isEmpty() ? Origin.byDefault() : trees.get(0).origin();
        return FileMerge.merge(new Node.Entries(all, origin), faults);
    }
}
