package io.lb4j.internal.control;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import java.util.List;

/**
 * Makes discoveries that are asked, as a configuration would have them made.
 *
 * @param endpoints that each of them has
 * @param made those that were made so far
 */
record AskedFactory(List<Endpoint> endpoints, List<AskedDiscovery> made) implements PartFactory<Discovery> {
    private static final Section SECTION =
            Section.of("asked", "A discovery that is asked.").build();

    @Override
    public String kind() {
        return "discovery";
    }

    @Override
    public String name() {
        return "asked";
    }

    @Override
    public Section section() {
        return SECTION;
    }

    @Override
    public Discovery create(Settings settings) {
        AskedDiscovery one = new AskedDiscovery(endpoints);
        made.add(one);
        return one;
    }
}
