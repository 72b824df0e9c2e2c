package io.lb4j.server.schema;

import io.lb4j.config.LimitType;
import io.lb4j.config.ListType;
import io.lb4j.config.Option;
import io.lb4j.config.OptionType;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.PartType;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import io.lb4j.model.Configuration;
import io.lb4j.server.config.ServerConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All keys of a configuration on one page, in Markdown, made of their declarations. Confined to one thread. */
public final class ReferencePage {
    private final PartCatalog parts;
    private final Examples examples;
    private final StringBuilder page = new StringBuilder();
    private final Set<String> kinds = new LinkedHashSet<>();

    private ReferencePage(PartCatalog parts) {
        this.parts = parts;
        this.examples = new Examples(parts);
    }

    /**
     * Returns the page.
     *
     * @param parts the code that configurations may name
     */
    public static String of(PartCatalog parts) {
        ReferencePage reference = new ReferencePage(parts);
        reference.write();
        return reference.page.toString();
    }

    private void write() {
        page.append("""
                # Every key of a configuration

                [configuration.md](configuration.md) says how they are written. This page is made of the declarations in the code; `lb-server --schema` prints the same for editors, as a JSON Schema. `[]` stands for
                each element of a list, or its name. A key in bold is required. Secrets are marked, and shown as `***` wherever a configuration is shown.

                """);
        chapter("At the top", "", Configuration.SECTION);
        chapter("The process", "", ServerConfiguration.SECTION);
        for (int i = 0; i < kinds.size(); i++) {
            String kind = new ArrayList<>(kinds).get(i);
            new TreeSet<>(parts.ofKind(kind).stream().map(PartFactory::name).toList())
                    .forEach(name -> chapter(
                            "`type: " + name + "` (" + kind.replace('_', ' ') + ")",
                            "",
                            parts.find(kind, name).orElseThrow().section()));
        }
    }

    private void chapter(String title, String path, Section section) {
        page.append("## ").append(title).append("\n\n").append(section.doc()).append("\n\n");
        if (section.options().isEmpty()) {
            page.append("No keys.\n\n");
            return;
        }
        page.append("| key | what it takes | default | example | meaning |\n|---|---|---|---|---|\n");
        rows(path, section);
        page.append('\n');
    }

    private void rows(String path, Section section) {
        Map<String, Object> defaults = Defaults.of(section);
        for (Option<?> option : section.options()) {
            row(path, section, option, defaults);
            List<Section> below = new ArrayList<>();
            String place = path + option.name() + nested(option.type(), below);
            below.forEach(each -> rows(place + ".", each));
        }
    }

    /** Notes the section, or the kind of part, that is below a type, and returns how its elements are called. */
    private String nested(OptionType<?> type, List<Section> below) {
        if (type instanceof SectionType section) {
            below.add(section.section());
        } else if (type instanceof PartType part) {
            kinds.add(part.kind());
        } else if (type instanceof ListType<?> list) {
            nested(list.element(), below);
            return "[]";
        }
        return "";
    }

    private void row(String path, Section section, Option<?> option, Map<String, Object> defaults) {
        String key = "`" + path + option.name() + "`";
        boolean isSection = option.type() instanceof SectionType;
        Object value = isSection ? "" : defaults.getOrDefault(option.name(), option.whenAbsent());
        String shown = defaults.containsKey(option.name()) && !isSection ? "`" + value + "`" : String.valueOf(value);
        String example = examples.of(section, option)
                .map(tree -> "`" + ExampleTexts.written(tree) + "`")
                .orElse("");
        page.append("| ")
                .append(option.isRequired() ? "**" + key + "**" : key)
                .append(" | ")
                .append(cell(expected(option.type())))
                .append(" | ")
                .append(cell(shown))
                .append(" | ")
                .append(cell(example))
                .append(" | ")
                .append(cell(option.doc()))
                .append(option.isSecret() ? " Secret." : "")
                .append(" |\n");
    }

    private static String expected(OptionType<?> type) {
        return type instanceof LimitType<?> limit ? limit.bound().expected() + ", or unlimited" : type.expected();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
