package io.lb4j.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The type of a part that is code. A file names it, alone or as {@code type} beside its settings; or it gives an address whose scheme is the name of a part that has a short
 * form: {@code oci://host/name:tag}. Immutable.
 */
public final class PartType extends OptionType<Part> {
    /** The key that names the part where it has settings. */
    public static final String TYPE_KEY = "type";

    private static final String SCHEME_END = "://";

    private final String kind;
    private final @Nullable String usual;

    PartType(String kind, @Nullable String usual) {
        this.kind = kind;
        this.usual = usual;
    }

    /** Returns the kind of part, as {@link PartFactory#kind()} has it. */
    public String kind() {
        return kind;
    }

    @Override
    public String expected() {
        return "the name of " + Text.withArticle(kind.replace('_', ' ')) + ", or a section with its "
                + (usual == null ? "type" : "settings");
    }

    @Override
    @Nullable Object read(Node node, Scope scope) {
        if (node instanceof Node.Scalar) {
            return node;
        }
        if (node instanceof Node.Entries entries && typeOf(entries).isPresent()) {
            return node;
        }
        reportShape(node, scope);
        return null;
    }

    @Override
    @Nullable Part complete(Object raw, Origin origin, Scope scope) {
        if (raw instanceof Part part) {
            Optional<String> missing = part.missing();
            missing.ifPresent(what -> reportMissing(part.name(), what, origin, scope));
            return missing.isPresent() ? null : part;
        }
        if (raw instanceof Node.Scalar scalar) {
            Optional<PartFactory<?>> addressed = byScheme(scalar.text(), scope);
            return addressed.isPresent()
                    ? makeOfAddress(addressed.get(), scalar, scope)
                    : make(scalar.text(), new Node.Entries(List.of(), origin), scope);
        }
        Node.Entries entries = (Node.Entries) raw;
        List<Node.Entry> others = entries.entries().stream()
                .filter(entry -> !entry.key().equals(TYPE_KEY))
                .toList();
        return make(typeOf(entries).orElse(""), new Node.Entries(others, origin), scope);
    }

    /** Returns the factory that takes an address of a scheme; empty for a text that is none, or of a scheme that is nobody's name. */
    private Optional<PartFactory<?>> byScheme(String text, Scope scope) {
        int end = text.indexOf(SCHEME_END);
        return end < 0
                ? Optional.empty()
                : scope.parts()
                        .find(kind, text.substring(0, end))
                        .filter(factory -> factory.missing().isPresent()
                                || factory.section().shorthand().isPresent());
    }

    private @Nullable Part makeOfAddress(PartFactory<?> factory, Node.Scalar address, Scope scope) {
        Optional<String> missing = factory.missing();
        if (missing.isPresent()) {
            reportMissing(factory.name(), missing.get(), address.origin(), scope);
            return null;
        }
        Shorthand form = factory.section().shorthand().orElseThrow();
        Draft draft = new Draft(factory.section());
        if (!form.fill(draft, address.text(), address.origin())) {
            scope.report(Fault.Code.INVALID, Text.quote(address.text()), form.expected(), address.origin());
            return null;
        }
        return Part.of(factory, draft.complete(scope));
    }

    private static void reportMissing(String name, String what, Origin origin, Scope scope) {
        scope.report(Fault.Code.MISSING, name + " cannot work here", what, origin);
    }

    private @Nullable Part make(String name, Node.Entries entries, Scope scope) {
        Optional<PartFactory<?>> factory = scope.parts().find(kind, name);
        if (factory.isEmpty()) {
            List<String> names = scope.parts().ofKind(kind).stream()
                    .map(PartFactory::name)
                    .sorted()
                    .toList();
            String expected = names.isEmpty()
                    ? Text.withArticle(kind.replace('_', ' ')) + "; none is installed"
                    : "one of " + String.join(", ", names);
            scope.reportUnknown(Fault.Code.UNKNOWN_NAME, name, expected, names, entries.origin());
            return null;
        }
        Optional<String> missing = factory.get().missing();
        missing.ifPresent(what -> reportMissing(name, what, entries.origin(), scope));
        if (missing.isPresent() && factory.get().section().options().isEmpty()) {
            return null; // a factory that only tells what is missing does not know the settings
        }
        Draft draft = new Draft(factory.get().section());
        draft.read(entries, scope);
        Settings settings = draft.complete(scope);
        return missing.isPresent() ? null : Part.of(factory.get(), settings);
    }

    private Optional<String> typeOf(Node.Entries entries) {
        for (Node.Entry entry : entries.entries()) {
            if (entry.key().equals(TYPE_KEY) && entry.value() instanceof Node.Scalar scalar) {
                return Optional.of(scalar.text());
            }
        }
        return Optional.ofNullable(usual);
    }

    @Override
    Object render(Part value, UnaryOperator<Object> mask) {
        Map<String, Object> settings =
                value.settings().map(each -> each.toTree(mask)).orElse(Map.of());
        if (settings.isEmpty()) {
            return value.name();
        }
        Map<String, Object> rendered = new LinkedHashMap<>();
        rendered.put(TYPE_KEY, value.name());
        rendered.putAll(settings);
        return rendered;
    }
}
