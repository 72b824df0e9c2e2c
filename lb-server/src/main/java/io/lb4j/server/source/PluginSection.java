package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Node;
import io.lb4j.config.PartType;
import io.lb4j.model.PluginUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code plugins} in the form that has {@code enabled}, for all of them, and {@code wasm_plugins}, where each names its file. Plugins of other
 * kinds may stand there by their names.
 */
final class PluginSection {
    private static final String KEY = "plugins";
    private static final String ENABLED = "enabled";
    private static final String WASM_PLUGINS = "wasm_plugins";
    private static final String NAME = "name";

    private final Rewriting rewriting;
    private final List<Node> plugins = new ArrayList<>();

    private PluginSection(Rewriting rewriting) {
        this.rewriting = rewriting;
    }

    static void rewrite(Rewriting rewriting) {
        Tree.section(rewriting.root(), KEY)
                .filter(PluginSection::hasThisForm)
                .ifPresent(given -> new PluginSection(rewriting).apply(given));
    }

    /** A plugin that is called {@code enabled} is a section, or the name of one. */
    private static boolean hasThisForm(Node.Entries plugins) {
        boolean isSwitch = Tree.text(plugins, ENABLED)
                .filter(value -> value.equals("true") || value.equals("false"))
                .isPresent();
        return isSwitch
                || Tree.find(plugins, WASM_PLUGINS).isPresent()
                || plugins.entries().stream().anyMatch(PluginSection::isList);
    }

    /** No plugin is a list: it is the other key of this form, misspelled. */
    private static boolean isList(Node.Entry entry) {
        return entry.value() instanceof Node.Items;
    }

    private void apply(Node.Entries given) {
        if (!Tree.text(given, ENABLED).equals(Optional.of("false"))) {
            Tree.find(given, WASM_PLUGINS).ifPresent(entry -> wasm(entry.value()));
            Tree.without(given, ENABLED, WASM_PLUGINS).entries().forEach(this::other);
        }
        rewriting.put(new Node.Entry(KEY, given.origin(), new Node.Items(plugins, given.origin())));
    }

    private void wasm(Node list) {
        if (list instanceof Node.Items items) {
            items.nodes().forEach(each -> wasmPlugin(each, Optional.empty()));
            return;
        }
        if (list instanceof Node.Entries named) {
            named.entries().forEach(each -> wasmPlugin(each.value(), Optional.of(each.key())));
            return;
        }
        String expected = "a list of plugins, each with name and path";
        rewriting.report(KEY + "." + WASM_PLUGINS, Fault.Code.WRONG_SHAPE, "no list", expected, list);
    }

    /** What a plugin of any kind is told stands beside it; the rest, its file for one, is for its kind. */
    private void wasmPlugin(Node node, Optional<String> key) {
        int number = plugins.size() + 1;
        if (!(node instanceof Node.Entries given)) {
            String path = KEY + "." + WASM_PLUGINS + "[" + plugins.size() + "]";
            rewriting.report(path, Fault.Code.WRONG_SHAPE, "no section", "a section with name and path", node);
            return;
        }
        List<Node.Entry> place = new ArrayList<>();
        List<Node.Entry> kind = new ArrayList<>();
        kind.add(Tree.entry(PartType.TYPE_KEY, "wasm", given.origin()));
        key.ifPresent(name -> place.add(Tree.entry(NAME, name, given.origin())));
        for (Node.Entry entry : given.entries()) {
            boolean isOfAll = PluginUse.SECTION.option(entry.key()).isPresent();
            (isOfAll ? place : kind).add(entry);
        }
        boolean isOff = Tree.text(given, ENABLED).equals(Optional.of("false"));
        if (!isOff) {
            place.add(new Node.Entry(PluginUse.USE.name(), given.origin(), new Node.Entries(kind, given.origin())));
        }
        plugins.add(new Node.Entries(place, given.origin()));
        String name = key.or(() -> Tree.text(given, NAME)).orElse("plugin-" + number);
        String written = KEY + "." + WASM_PLUGINS + "." + name;
        rewriting.rename(KEY + "." + name, written);
        rewriting.rename(KEY + "." + name + "." + PluginUse.USE.name(), written);
    }

    private void other(Node.Entry entry) {
        if (isList(entry)) {
            rewriting.reportUnknown(
                    KEY, entry, "enabled, wasm_plugins, or the name of a plugin", List.of(WASM_PLUGINS));
            return;
        }
        Node.Entry name = Tree.entry(NAME, entry.key(), entry.origin());
        if (entry.value() instanceof Node.Entries section) {
            plugins.add(Tree.with(section, name));
            return;
        }
        Node.Entry use = new Node.Entry(PluginUse.USE.name(), entry.origin(), entry.value());
        plugins.add(Tree.section(entry.origin(), name, use));
    }
}
