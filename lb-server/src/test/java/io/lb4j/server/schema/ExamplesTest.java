package io.lb4j.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.Parts;
import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.ListType;
import io.lb4j.config.MapType;
import io.lb4j.config.Node;
import io.lb4j.config.Option;
import io.lb4j.config.OptionType;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.PartType;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import io.lb4j.model.Configuration;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.server.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of every module has an example, and takes it. */
final class ExamplesTest {
    /** Whoever brings such code knows what it is called. */
    private static final Set<String> ALWAYS_ONES_OWN = Set.of("sources", "decision", "storage");

    @TempDir
    Path folder;

    private final PartCatalog parts = Parts.catalog();
    private final Examples examples = new Examples(parts);
    private final List<Place> places = new ArrayList<>();

    /** An option where it is declared. */
    private record Place(Section section, Option<?> option) {
        @Override
        public String toString() {
            return section + "." + option;
        }
    }

    @BeforeEach
    void gatherOptions() throws IOException {
        Set<Section> known = new HashSet<>();
        gather(Configuration.SECTION, known);
        gather(ServerConfiguration.SECTION, known);
        for (Place place : places) {
            createFiles(
                    place.option().type(),
                    examples.of(place.section(), place.option()).orElse(""));
        }
    }

    private void gather(Section section, Set<Section> known) {
        if (!known.add(section)) {
            return;
        }
        for (Option<?> option : section.options()) {
            places.add(new Place(section, option));
            gather(option.type(), known);
        }
    }

    private void gather(OptionType<?> type, Set<Section> known) {
        if (type instanceof SectionType nested) {
            gather(nested.section(), known);
        } else if (type instanceof ListType<?> list) {
            gather(list.element(), known);
        } else if (type instanceof PartType part) {
            parts.ofKind(part.kind()).stream().map(PartFactory::section).forEach(each -> gather(each, known));
        }
    }

    /** What has to be there to be named. */
    private void createFiles(OptionType<?> type, Object example) throws IOException {
        if (type instanceof ListType<?> list && example instanceof Collection<?> elements) {
            for (Object element : elements) {
                createFiles(list.element(), element);
            }
        } else if (type instanceof MapType<?> map && example instanceof Map<?, ?> entries) {
            for (Object value : entries.values()) {
                createFiles(map.value(), value);
            }
        } else if (type.expected().equals("a file that can be read")) {
            Path file = folder.resolve(String.valueOf(example));
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        } else if (type.expected().equals("a directory that can be written to")) {
            Files.createDirectories(folder.resolve(String.valueOf(example)));
        }
    }

    @Test
    void everyOptionHasOneUnlessItIsAlwaysSomebodysOwnCode() {
        assertThat(places).hasSizeGreaterThan(400);
        Set<String> without = new TreeSet<>();
        for (Place place : places) {
            if (examples.of(place.section(), place.option()).isEmpty()) {
                without.add(place.option().name());
            }
        }
        assertThat(without).isEqualTo(new TreeSet<>(ALWAYS_ONES_OWN));
    }

    @Test
    void everyOptionTakesItsExample() {
        List<String> refused = new ArrayList<>();
        for (Place place : places) {
            examples.of(place.section(), place.option())
                    .map(example -> faultsOf(place, ExampleTexts.written(example)))
                    .filter(faults -> !faults.isEmpty())
                    .ifPresent(faults -> refused.add(place + ": " + faults));
        }
        assertThat(refused).isEmpty();
    }

    /** Returns what the option has against its example as it stands in a file; what would have to stand beside it is no matter here. */
    private List<Fault> faultsOf(Place place, String written) {
        String name = place.option().name();
        Faults faults = new Faults();
        Node node = YamlReader.read(folder.resolve("lb4j.yaml").toString(), name + ": " + written, faults)
                .orElseThrow(() -> new AssertionError(place + ": " + written + ": " + faults.all()));
        Scope scope = Scope.root(faults, parts);
        Draft draft = new Draft(place.section());
        draft.read((Node.Entries) node, scope);
        draft.complete(scope);
        return faults.all().stream()
                .filter(fault -> fault.path().matches(name + "\\b.*"))
                .filter(fault -> !(fault.path().equals(name) && fault.code() == Fault.Code.CONFLICT))
                .toList();
    }

    @Test
    void nothingIsWrittenForAnOptionThatIsNotThere() {
        Set<String> keys = new TreeSet<>();
        for (Place place : places) {
            keys.add(place.option().name());
            keys.add(place.toString());
        }
        assertThat(keys).containsAll(ExampleTexts.read().keys());
    }
}
