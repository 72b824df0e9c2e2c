package io.lb4j.dns;

import java.util.ArrayList;
import java.util.List;

/** The order in which a name is tried, as {@code resolv.conf(5)} has it. */
final class SearchList {
    private SearchList() {}

    /** Returns complete names, without a trailing dot, at least one. A name that ends in a dot is complete. */
    static List<String> of(String name, DnsSettings.Search search) {
        if (name.endsWith(".")) {
            return List.of(name.substring(0, name.length() - 1));
        }
        List<String> names = new ArrayList<>();
        search.domains().forEach(domain -> names.add(name + "." + domain));
        boolean asItStandsFirst = name.chars().filter(c -> c == '.').count() >= search.dots();
        names.add(asItStandsFirst ? 0 : names.size(), name);
        return names;
    }
}
