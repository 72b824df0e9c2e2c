package io.lb4j.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The factories that a configuration may name. Immutable. */
public final class PartCatalog {
    private final List<PartFactory<?>> factories;

    private PartCatalog(List<PartFactory<?>> factories) {
        this.factories = List.copyOf(factories);
    }

    /** Returns a catalog of some factories; of two with the same kind and name the earlier one is used. */
    public static PartCatalog of(Collection<? extends PartFactory<?>> factories) {
        return new PartCatalog(new ArrayList<>(factories));
    }

    /** Returns a catalog of the factories that are declared as services of {@link PartFactory}. */
    public static PartCatalog installed() {
        List<PartFactory<?>> found = new ArrayList<>();
        for (PartFactory<?> factory : ServiceLoader.load(PartFactory.class, PartFactory.class.getClassLoader())) {
            found.add(factory);
        }
        return new PartCatalog(found);
    }

    /** Returns a catalog of these factories and then others. */
    public PartCatalog and(PartCatalog others) {
        List<PartFactory<?>> all = new ArrayList<>(factories);
        all.addAll(others.factories);
        return new PartCatalog(all);
    }

    /** Returns the factory for a kind and a name. */
    public Optional<PartFactory<?>> find(String kind, String name) {
        for (PartFactory<?> factory : factories) {
            if (factory.kind().equals(kind) && factory.name().equals(name)) {
                return Optional.of(factory);
            }
        }
        return Optional.empty();
    }

    /** Returns the factories of a kind. */
    public List<PartFactory<?>> ofKind(String kind) {
        List<PartFactory<?>> matching = new ArrayList<>();
        for (PartFactory<?> factory : factories) {
            if (factory.kind().equals(kind)) {
                matching.add(factory);
            }
        }
        return List.copyOf(matching);
    }
}
