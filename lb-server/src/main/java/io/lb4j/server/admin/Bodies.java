package io.lb4j.server.admin;

import io.lb4j.config.Draft;
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
                throw new Problem(400, "body: no object (expected: an object with " + section.names() + ")");
            }
        }
        Settings settings = draft.complete(scope);
        if (!faults.isEmpty()) {
            throw new Problem(400, "the body is wrong", faults.all());
        }
        return settings;
    }
}
