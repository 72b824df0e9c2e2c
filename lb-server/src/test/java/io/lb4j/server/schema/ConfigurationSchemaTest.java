package io.lb4j.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.Parts;
import io.lb4j.config.Option;
import io.lb4j.config.Section;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.server.config.ServerConfiguration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The schema has what the declarations have. */
final class ConfigurationSchemaTest {
    private final Map<String, Object> schema = ConfigurationSchema.of(Parts.catalog());

    @Test
    void namesEveryKeyAtTheTop() {
        assertThat(below(schema, "properties"))
                .containsKeys(names(Configuration.SECTION))
                .containsKeys(names(ServerConfiguration.SECTION))
                .containsKeys("http3", "lets_encrypt");
    }

    @Test
    void describesASectionWithItsTypesAndDefaults() {
        Map<String, Object> listener = definition("listener");
        Map<String, Object> properties = below(listener, "properties");

        assertThat(properties).containsOnlyKeys(names(Listener.SECTION));
        assertThat(listener).containsEntry("required", List.of("port")).containsEntry("additionalProperties", false);
        assertThat(below(properties, "host"))
                .containsEntry("default", "127.0.0.1")
                .containsEntry("description", Listener.HOST.doc());
        assertThat(below(properties, "port").toString()).contains("integer", "0..65535");
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        String text = schema.toString();

        assertThat(Arrays.stream(text.split("#/\\$defs/", -1)).skip(1))
                .isNotEmpty()
                .allSatisfy(after ->
                        assertThat(below(schema, "$defs")).containsKey(after.replaceFirst("(?s)[,}\\]].*", "")));
    }

    @Test
    void knowsPartsByTheirTypes() {
        assertThat(definition("part-discovery").toString()).contains("consul", "etcd", "kubernetes");
        assertThat(definition("part-plugin").toString()).contains("const=cors", "origins");
        assertThat(definition("part-wasm_source").toString()).contains("const=oci", "pattern=^oci://");
    }

    private Map<String, Object> definition(String name) {
        return below(below(schema, "$defs"), name);
    }

    @SuppressWarnings("unchecked") // the keys of JSON are texts
    private static Map<String, Object> below(Map<String, Object> tree, String key) {
        return (Map<String, Object>) Optional.ofNullable(tree.get(key)).orElseThrow();
    }

    private static String[] names(Section section) {
        return section.options().stream().map(Option::name).toArray(String[]::new);
    }
}
