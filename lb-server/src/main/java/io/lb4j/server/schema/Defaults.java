package io.lb4j.server.schema;

import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import java.util.List;
import java.util.Map;

/** What the options of a section are while nobody sets them. */
final class Defaults {
    private Defaults() {}

    /** Returns them as a configuration is shown; what is missing is no matter here. */
    static Map<String, Object> of(Section section) {
        Scope scope = Scope.root(new Faults(), PartCatalog.of(List.of()));
        return new Draft(section).complete(scope).toTree();
    }
}
