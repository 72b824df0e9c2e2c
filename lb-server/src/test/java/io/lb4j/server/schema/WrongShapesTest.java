package io.lb4j.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.Parts;
import io.lb4j.config.Fault;
import io.lb4j.config.ListType;
import io.lb4j.config.MapType;
import io.lb4j.config.Option;
import io.lb4j.config.OptionType;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.PartType;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import io.lb4j.model.Configuration;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.server.json.Json;
import io.lb4j.server.source.ConfigurationReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One mistake is one fault, wherever it is made: something of another shape than what belongs there. */
final class WrongShapesTest {
    private static final String NOTHING = "null";
    private static final String LIST = "[]";
    private static final String TEXT = "\"?\"";
    private static final String NESTED = "[[]]";

    @TempDir
    Path folder;

    private final PartCatalog parts = Parts.catalog();
    private final Examples examples = new Examples(parts);
    private final List<Place> places = new ArrayList<>();

    /**
     * An option in a file.
     *
     * @param around writes the file around the option's value
     * @param misspelled writes it with the option's name misspelled
     */
    private record Place(
            Section section, Option<?> option, UnaryOperator<String> around, UnaryOperator<String> misspelled) {
        boolean isSection() {
            OptionType<?> type = option.type();
            boolean hasShorthand = type instanceof SectionType nested
                    && nested.section().shorthand().isPresent();
            return (type instanceof SectionType && !hasShorthand) || type instanceof MapType<?>;
        }

        @Override
        public String toString() {
            return section + "." + option;
        }
    }

    private void gather() {
        Set<Section> known = new HashSet<>();
        gather(Configuration.SECTION, "", value -> value, known);
        gather(ServerConfiguration.SECTION, "", value -> value, known);
    }

    private void gather(Section section, String type, UnaryOperator<String> around, Set<Section> known) {
        if (!known.add(section)) {
            return;
        }
        for (Option<?> option : section.options()) {
            String before = "{" + type + beside(section, option) + option.name();
            UnaryOperator<String> place = value -> around.apply(before + ": " + value + "}");
            if (examples.of(section, option).isPresent()) { // or it is always somebody's own code
                places.add(new Place(section, option, place, value -> around.apply(before + "x: " + value + "}")));
            }
            gather(option.type(), place, known);
        }
    }

    /** Returns what a section has to have beside an option. */
    private String beside(Section section, Option<?> option) {
        return section.options().stream()
                .filter(other -> other.isRequired() && other != option)
                .map(other -> other.name() + ": "
                        + written(examples.of(section, other).orElseThrow()) + ", ")
                .collect(Collectors.joining());
    }

    private void gather(OptionType<?> type, UnaryOperator<String> around, Set<Section> known) {
        if (type instanceof SectionType nested) {
            gather(nested.section(), "", around, known);
        } else if (type instanceof ListType<?> list) {
            boolean isNamed = list.element() instanceof SectionType element
                    && element.section().key().isPresent();
            gather(list.element(), value -> around.apply(isNamed ? "{one: " + value + "}" : "[" + value + "]"), known);
        } else if (type instanceof PartType part) {
            for (PartFactory<?> factory : parts.ofKind(part.kind())) {
                gather(factory.section(), "type: " + factory.name() + ", ", around, known);
            }
        }
    }

    /** Secrets stand in files elsewhere. */
    private List<Fault> faults(String text) {
        String whole = text.replaceAll("\\$\\{file:[^}]*}", "0123456789abcdef0123456789abcdef");
        return ConfigurationReading.readText(
                        folder.resolve("lb4j.yaml"), whole.getBytes(StandardCharsets.UTF_8), Map.of(), parts)
                .faults();
    }

    private String example(Place place) {
        return written(examples.of(place.section(), place.option()).orElseThrow());
    }

    /** Returns the faults that a text has beyond those of the place around an option. */
    private List<String> added(Place place, String text) {
        Set<String> before = faults(place.around().apply(example(place))).stream()
                .map(WrongShapesTest::kind)
                .collect(Collectors.toSet());
        return faults(text).stream()
                .filter(fault -> !before.contains(kind(fault)))
                .map(Fault::message)
                .toList();
    }

    /** As JSON, which is YAML between braces too. */
    private static String written(Object example) {
        return Json.write(example).strip();
    }

    private static String kind(Fault fault) {
        return fault.path() + " " + fault.code();
    }

    @Test
    void aValueOfAnotherShapeIsOneFault() {
        gather();
        List<String> wrong = new ArrayList<>();
        for (Place place : places) {
            for (String value : List.of(NOTHING, LIST, TEXT, NESTED)) {
                List<String> faults = added(place, place.around().apply(value));
                boolean isWrong = value.equals(NOTHING) || value.equals(NESTED) || place.isSection();
                if (faults.size() > 1 || (isWrong && faults.isEmpty())) {
                    wrong.add(place + ": " + value + ": " + faults);
                }
            }
        }
        assertThat(places).hasSizeGreaterThan(400);
        assertThat(wrong).isEmpty();
    }

    @Test
    void aNameThatIsMisspelledIsOneFault() {
        gather();
        List<String> wrong = new ArrayList<>();
        for (Place place : places) {
            List<String> faults = added(place, place.misspelled().apply(example(place)));
            if (faults.size() != 1 || !faults.get(0).contains("did you mean")) {
                wrong.add(place + ": " + faults);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void soItIsInTheShortForms() throws IOException {
        Files.writeString(folder.resolve("pair.pem"), "");
        List<String> wrong = new ArrayList<>();
        List<String> forms = new ArrayList<>(List.of("http3: %s", "lets_encrypt: %s", "plugins: {wasm_plugins: %s}"));
        forms.add("plugins: {enabled: true, wasm_plugins: [%s]}");
        forms.add("plugins: {enabled: true, wasm_plugins: {one: %s}}");
        forms.add("plugins: {enabled: true, one: %s}");
        Map<String, String> http3 =
                Map.of("port", "8443", "host", "localhost", "cert_file", "pair.pem", "key_file", "pair.pem");
        for (String key : http3.keySet()) {
            String others = http3.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(key))
                    .map(entry -> entry.getKey() + ": " + entry.getValue() + ", ")
                    .collect(Collectors.joining());
            forms.add("http3: {" + others + key + ": %s}");
        }
        for (String key : List.of("dns_provider", "challenge_type")) {
            forms.add("lets_encrypt: {email: a@b.example, domains: [c.example], " + key + ": %s}");
        }
        for (String form : forms) {
            for (String value : List.of(NOTHING, NESTED)) {
                List<Fault> faults = faults("listeners: {a: {port: 1}}\n" + form.formatted(value));
                if (faults.size() != 1) {
                    wrong.add(form.formatted(value) + ": " + faults);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
