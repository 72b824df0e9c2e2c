package io.lb4j.server.source;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Inspection;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import io.lb4j.model.Configuration;
import io.lb4j.server.config.ServerConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One reading of the files of a configuration, from their octets to what the balancer is told. Confined to one thread. */
public final class ConfigurationReading {
    /** Keys at the top that begin so are nobody's: a place for anchors. */
    private static final String ASIDE = "x-";

    private static final List<String> SHORT_FORMS = List.of("http3", "lets_encrypt");

    private final Map<String, String> environment;
    private final PartCatalog parts;
    private final Faults faults = new Faults();
    private final Substitution substitution;
    private final Set<Path> files = new LinkedHashSet<>();
    private @Nullable Rewriting read; // once it has been read

    private ConfigurationReading(Map<String, String> environment, PartCatalog parts) {
        this.environment = environment;
        this.parts = AbsentModules.completed(parts);
        this.substitution = new Substitution(environment);
    }

    /**
     * What was read.
     *
     * @param configuration checked as a whole; empty if there are faults
     * @param faults in the order of files and lines
     * @param files that it stands in, and that values were put in from, or were to be
     */
    public record Result(Optional<ServerConfiguration> configuration, List<Fault> faults, Set<Path> files) {
        /** Copies the lists. */
        public Result {
            faults = List.copyOf(faults);
            files = Set.copyOf(files);
        }

        /**
         * Returns the configuration.
         *
         * @throws ConfigurationException if there are faults
         */
        public ServerConfiguration orThrow() {
            return configuration.orElseThrow(() -> new ConfigurationException(faults));
        }

        /** Returns whether another reading has found the same configuration, wherever it stands, or the same faults. */
        public boolean saysTheSameAs(Result other) {
            return configuration.equals(other.configuration) && faults.equals(other.faults);
        }
    }

    /**
     * What a check has found.
     *
     * @param result with what is wrong with files that the configuration names, among the faults
     * @param dispensable what is wrong with plugins that exchanges can go without
     * @param left places that were not looked at, for they lead over a network
     */
    public record Check(Result result, List<Fault> dispensable, List<String> left) {
        /** Copies the lists. */
        public Check {
            dispensable = List.copyOf(dispensable);
            left = List.copyOf(left);
        }
    }

    /**
     * Reads a file, or all of a folder.
     *
     * @param environment the variables that values may name
     * @param parts the code that the configuration may name
     */
    public static Result read(Path path, Map<String, String> environment, PartCatalog parts) {
        return new ConfigurationReading(environment, parts).read(path);
    }

    /**
     * Reads a text as if it stood in a file.
     *
     * @param path the file, from which relative paths count
     * @param environment the variables that values may name
     * @param parts the code that the configuration may name
     */
    public static Result readText(Path path, byte[] text, Map<String, String> environment, PartCatalog parts) {
        return new ConfigurationReading(environment, parts).read(path, text);
    }

    /** Reads as {@link #read} does, and then the files that the configuration names, if there is nothing wrong with it. */
    public static Check check(Path path, Map<String, String> environment, PartCatalog parts) {
        ConfigurationReading reading = new ConfigurationReading(environment, parts);
        return reading.inspected(reading.read(path));
    }

    /** Reads as {@link #readText} does, and then the files that the configuration names, if there is nothing wrong with it. */
    public static Check checkText(Path path, byte[] text, Map<String, String> environment, PartCatalog parts) {
        ConfigurationReading reading = new ConfigurationReading(environment, parts);
        return reading.inspected(reading.read(path, text));
    }

    /** Returns the files of a file or folder at present, and others, to be watched. */
    public static Set<Path> present(Path path, Set<Path> others) {
        return ConfigurationFolder.present(path, others);
    }

    private Result read(Path path) {
        List<Node> trees = new ArrayList<>();
        for (Path file : new ConfigurationFolder(path).files(faults)) {
            files.add(file);
            ConfigurationFolder.read(file, faults).ifPresent(trees::add);
        }
        return read(trees);
    }

    private Result read(Path path, byte[] text) {
        return read(ConfigurationFolder.parse(path, text, faults).stream().toList());
    }

    private Result read(List<Node> trees) {
        boolean isWhole = faults.all().stream().noneMatch(fault -> fault.code() == Fault.Code.UNREADABLE);
        Node.Entries merged = ConfigurationFolder.merged(trees, faults);
        // What is said of the rest where a file is missing would be wrong: half the clusters are not there.
        if (!isWhole) {
            return result(Optional.empty());
        }
        Scope scope = Scope.root(faults, parts);
        Node.Entries filled = substitution.apply(merged, scope);
        files.addAll(substitution.files());
        Rewriting rewriting = new Rewriting(known(filled, scope), scope);
        read = rewriting;
        Http3Section.rewrite(rewriting);
        CertificateSection.rewrite(rewriting, environment);
        PluginSection.rewrite(rewriting);
        return result(checked(rewriting));
    }

    private Check inspected(Result result) {
        Rewriting rewriting = read;
        if (rewriting == null || result.configuration().isEmpty()) {
            return new Check(result, List.of(), List.of());
        }
        Faults found = new Faults();
        Faults dispensable = new Faults();
        Inspection inspection = Inspection.root(found);
        NamedFiles.inspect(result.configuration().get(), inspection, dispensable);
        found.all().forEach(fault -> faults.add(shown(fault, rewriting)));
        return new Check(
                result(result.configuration()),
                dispensable.all().stream().map(fault -> shown(fault, rewriting)).toList(),
                inspection.left().stream().map(rewriting::written).toList());
    }

    private Result result(Optional<ServerConfiguration> configuration) {
        List<Fault> told = new ArrayList<>(faults.all());
        told.sort(Comparator.comparing(Fault::origin, ConfigurationReading::compare));
        return new Result(told.isEmpty() ? configuration : Optional.empty(), told, files);
    }

    /** Returns what there is a use for; reports keys at the top that mean nothing. */
    private Node.Entries known(Node.Entries tree, Scope scope) {
        Set<String> names = new TreeSet<>(Configuration.SECTION.names());
        names.addAll(ServerConfiguration.SECTION.names());
        names.addAll(SHORT_FORMS);
        List<Node.Entry> known = new ArrayList<>();
        for (Node.Entry entry : tree.entries()) {
            if (names.contains(entry.key())) {
                known.add(entry);
            } else if (!entry.key().startsWith(ASIDE)) {
                scope.at(entry.key())
                        .reportUnknown(
                                Fault.Code.UNKNOWN_KEY,
                                entry.key(),
                                "one of " + String.join(", ", names),
                                names,
                                entry.origin());
            }
        }
        return new Node.Entries(known, tree.origin());
    }

    private Optional<ServerConfiguration> checked(Rewriting rewriting) {
        // What stands in the place of a value that could not be made out has been reported as such.
        Set<Origin> known = faults.all().stream().map(Fault::origin).collect(Collectors.toSet());
        Set<String> misspelled = faults.all().stream()
                .filter(fault -> fault.code() == Fault.Code.UNKNOWN_KEY)
                .flatMap(fault -> fault.nearest().stream())
                .collect(Collectors.toSet()); // keys at the top, of which drafts do not hear
        Node.Entries ofProcess = Tree.only(rewriting.root(), ServerConfiguration.SECTION.names());
        Faults found = new Faults();
        Draft draft = new Draft(ServerConfiguration.SECTION);
        draft.read(ofProcess, Scope.root(found, parts));
        Settings process = draft.complete(Scope.root(found, parts));
        Optional<ServerConfiguration> configuration = Optional.empty();
        try {
            Node.Entries ofBalancer = Tree.only(rewriting.root(), Configuration.SECTION.names());
            configuration = Optional.of(new ServerConfiguration(Configuration.read(ofBalancer, parts), process));
        } catch (ConfigurationException e) {
            e.faults().forEach(found::add);
        }
        found.all().stream()
                .filter(fault -> !known.contains(fault.origin()))
                .filter(fault -> fault.code() != Fault.Code.MISSING || !misspelled.contains(fault.path()))
                .map(fault -> shown(fault, rewriting))
                .forEach(faults::add);
        return configuration;
    }

    /** A fault as the file's author sees it: at a place, by the name that it has in the file, without what stood in another. */
    private Fault shown(Fault fault, Rewriting rewriting) {
        boolean isPlaced = fault.origin() != Origin.byDefault();
        Origin origin = isPlaced ? fault.origin() : Places.nearest(rewriting.root(), fault.path());
        boolean isHidden = isPlaced && substitution.isSecret(origin);
        String seen = isHidden ? "***" : fault.seen();
        Optional<String> nearest = isHidden ? Optional.empty() : fault.nearest();
        String written = rewriting.written(fault.path());
        return new Fault(written, fault.code(), seen, expected(fault, written), origin, nearest);
    }

    /** A section that has another name in the file is called by that one. */
    private static String expected(Fault fault, String written) {
        int end = written.indexOf('.');
        boolean isOfShortForm = fault.code() == Fault.Code.UNKNOWN_KEY
                && fault.nearest().isPresent()
                && end > 0
                && SHORT_FORMS.contains(written.substring(0, end))
                && written.indexOf('.', end + 1) < 0;
        return isOfShortForm ? "a key of " + written.substring(0, end) : fault.expected();
    }

    private static int compare(Origin one, Origin other) {
        if (one instanceof Origin.Place a && other instanceof Origin.Place b) {
            return Comparator.comparing(Origin.Place::file)
                    .thenComparingInt(Origin.Place::line)
                    .thenComparingInt(Origin.Place::column)
                    .compare(a, b);
        }
        return Boolean.compare(one instanceof Origin.Place, other instanceof Origin.Place);
    }
}
