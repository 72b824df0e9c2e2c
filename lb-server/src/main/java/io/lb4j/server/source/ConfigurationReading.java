package io.lb4j.server.source;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.model.Configuration;
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

    private ConfigurationReading(Map<String, String> environment, PartCatalog parts) {
        this.environment = environment;
        this.parts = AbsentModules.completed(parts);
        this.substitution = new Substitution(environment);
    }

    /**
     * What was read.
     *
     * @param configuration checked as a whole
     * @param files that it stands in, and that values were put in from
     */
    public record Result(Configuration configuration, Set<Path> files) {
        /** Copies the files. */
        public Result {
            files = Set.copyOf(files);
        }
    }

    /**
     * Reads a file, or all of a folder.
     *
     * @param environment the variables that values may name
     * @param parts the code that the configuration may name
     * @throws ConfigurationException with all faults, in the order of files and lines
     */
    public static Result read(Path path, Map<String, String> environment, PartCatalog parts) {
        return new ConfigurationReading(environment, parts).read(path);
    }

    private Result read(Path path) {
        List<Node> trees = new ArrayList<>();
        for (Path file : new ConfigurationFolder(path).files(faults)) {
            files.add(file);
            ConfigurationFolder.read(file, faults).ifPresent(trees::add);
        }
        boolean isWhole = faults.all().stream().noneMatch(fault -> fault.code() == Fault.Code.UNREADABLE);
        Node.Entries merged = ConfigurationFolder.merged(trees, faults);
        // What is said of the rest where a file is missing would be wrong: half the clusters are not there.
        if (!isWhole) {
            faults.throwIfAny();
        }
        Scope scope = Scope.root(faults, parts);
        Node.Entries filled = substitution.apply(merged, scope);
        files.addAll(substitution.files());
        Rewriting rewriting = new Rewriting(known(filled, scope), scope);
        Http3Section.rewrite(rewriting);
        CertificateSection.rewrite(rewriting, environment);
        PluginSection.rewrite(rewriting);
        return new Result(checked(rewriting), files);
    }

    /** Returns what there is a use for; reports keys at the top that mean nothing. */
    private Node.Entries known(Node.Entries tree, Scope scope) {
        Set<String> names = new TreeSet<>(Configuration.SECTION.names());
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

    private Configuration checked(Rewriting rewriting) {
        List<Fault> told = new ArrayList<>(faults.all());
        Optional<Configuration> configuration = Optional.empty();
        try {
            configuration = Optional.of(Configuration.read(rewriting.root(), parts));
        } catch (ConfigurationException e) {
            // What stands in the place of a value that could not be made out has been reported as such.
            Set<Origin> known = told.stream().map(Fault::origin).collect(Collectors.toSet());
            e.faults().stream()
                    .filter(fault -> !known.contains(fault.origin()))
                    .map(fault -> shown(fault, rewriting))
                    .forEach(told::add);
        }
        if (told.isEmpty() && configuration.isPresent()) {
            return configuration.get();
        }
        told.sort(Comparator.comparing(Fault::origin, ConfigurationReading::compare));
        throw new ConfigurationException(told);
    }

    /** A fault as the file's author sees it: at a place, by the name that it has in the file, without what stood in another. */
    private Fault shown(Fault fault, Rewriting rewriting) {
        boolean isPlaced = fault.origin() != Origin.byDefault();
        Origin origin = isPlaced ? fault.origin() : Places.nearest(rewriting.root(), fault.path());
        boolean isHidden = isPlaced && substitution.isSecret(origin);
        String seen = isHidden ? "***" : fault.seen();
        Optional<String> nearest = isHidden ? Optional.empty() : fault.nearest();
        return new Fault(rewriting.written(fault.path()), fault.code(), seen, fault.expected(), origin, nearest);
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
