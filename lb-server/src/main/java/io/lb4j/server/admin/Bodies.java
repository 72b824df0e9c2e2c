package io.lb4j.server.admin;

import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.server.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what is asked for in a request's body, which is checked as a configuration is. JSON is YAML too. */
final class Bodies {
    private Bodies() {}

    static Settings read(byte[] body, Section section) throws Problem {
        Faults faults = new Faults();
        Scope scope = Scope.root(faults, PartCatalog.of(List.of()));
        Draft draft = new Draft(section);
        if (body.length > 0) {
            Optional<Node> node = YamlReader.read("body", new String(body, StandardCharsets.UTF_8), faults);
            if (node.isPresent() && node.get() instanceof Node.Entries entries) {
                draft.read(entries, scope);
            } else if (faults.isEmpty()) {
                throw new Problem(
                        400, "body: no object (expected: an object with " + String.join(", ", section.names()) + ")");
            }
        }
        Settings settings = draft.complete(scope);
        if (!faults.isEmpty()) {
            String messages = faults.all().stream().map(Fault::message).collect(Collectors.joining("; "));
            throw new Problem(400, "body: " + messages, faults.all());
        }
        return settings;
    }

    /**
     * Has a body be a fault where nobody reads one: what is meant by it would not be done. An empty object says nothing, and is what some clients send.
     *
     * @throws Problem if there is something in it
     */
    static void requireNone(byte[] body) throws Problem {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (!text.isEmpty() && !text.replaceAll("\\s", "").equals("{}")) {
            throw new Problem(400, "body: " + Gate.quoted(text) + " (expected: none, for this takes no options)");
        }
    }
}
