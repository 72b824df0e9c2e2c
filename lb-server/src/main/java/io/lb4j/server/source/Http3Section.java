package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.PartType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code http3} at the top: HTTP/3 for the TLS listener whose port it names, for all of them if it names none, and where there is no
 * such listener for one of its own.
 */
final class Http3Section {
    private static final String KEY = "http3";
    private static final String LISTENERS = "listeners";
    private static final String TRANSPORTS = "transports";
    private static final String PORT = "port";
    private static final String DEFAULT_PORT = "443";
    private static final String CHAIN = "cert_file";
    private static final String PRIVATE_KEY = "key_file";

    private final Rewriting rewriting;
    private final Node.Entries given;

    private Http3Section(Rewriting rewriting, Node.Entries given) {
        this.rewriting = rewriting;
        this.given = given;
    }

    static void rewrite(Rewriting rewriting) {
        rewriting
                .takeSection(KEY)
                .filter(given -> !Tree.text(given, "enabled").equals(Optional.of("false")))
                .ifPresent(given -> new Http3Section(rewriting, given).apply());
    }

    private void apply() {
        Optional<Node> port = Tree.find(given, PORT).map(Node.Entry::value);
        if (port.isPresent() && !(port.get() instanceof Node.Scalar)) {
            rewriting.report(KEY + "." + PORT, Fault.Code.WRONG_SHAPE, "no port", "one port, 0..65535", port.get());
            return;
        }
        Optional<Node> listeners = Tree.find(rewriting.root(), LISTENERS).map(Node.Entry::value);
        Origin origin = listeners.map(Node::origin).orElse(given.origin());
        List<Node> changed = new ArrayList<>();
        boolean isServed = false;
        if (listeners.orElse(null) instanceof Node.Items items) {
            for (Node each : items.nodes()) {
                int number = changed.size() + 1;
                String name = each instanceof Node.Entries listener
                        ? Tree.text(listener, "name").orElse("listener-" + number)
                        : "";
                Node served = served(each, name);
                isServed |= served != each;
                changed.add(served);
            }
            if (!isServed) {
                changed.add(Tree.with(ownListener(), Tree.entry("name", KEY, given.origin())));
            }
            rewriting.put(new Node.Entry(LISTENERS, origin, new Node.Items(changed, origin)));
            return;
        }
        Node.Entries named =
                listeners.orElse(null) instanceof Node.Entries entries ? entries : new Node.Entries(List.of(), origin);
        Node.Entries result = named;
        for (Node.Entry entry : named.entries()) {
            Node served = served(entry.value(), entry.key());
            isServed |= served != entry.value();
            result = Tree.with(result, new Node.Entry(entry.key(), entry.origin(), served));
        }
        if (!isServed) {
            result = Tree.with(result, new Node.Entry(KEY, given.origin(), ownListener()));
        }
        rewriting.put(new Node.Entry(LISTENERS, origin, result));
    }

    /** Returns a listener with HTTP/3, or the same if it is none of those that are meant. */
    private Node served(Node node, String name) {
        if (!(node instanceof Node.Entries listener)) {
            return node;
        }
        Optional<String> port = Tree.text(given, PORT);
        boolean isMeant = port.isPresent()
                ? Tree.text(listener, PORT).equals(port)
                : Tree.find(listener, "tls").isPresent();
        if (!isMeant) {
            return node;
        }
        Optional<Node> before = Tree.find(listener, TRANSPORTS).map(Node.Entry::value);
        Node.Entries transport = transport(Tree.without(given, PORT));
        Node.Items transports = Tree.appended(before, transport, given.origin());
        String path = LISTENERS + "." + name + "." + TRANSPORTS;
        rewriting.rename(path + "[" + (transports.nodes().size() - 1) + "]", KEY);
        return Tree.with(listener, new Node.Entry(TRANSPORTS, given.origin(), transports));
    }

    private Node.Entries ownListener() {
        Origin origin = given.origin();
        String path = LISTENERS + "." + KEY;
        rewriting.rename(path, KEY);
        rewriting.rename(path + "." + TRANSPORTS + "[0]", KEY);
        Node.Entries listener = Tree.section(origin, Tree.entry(PORT, DEFAULT_PORT, origin));
        for (String key : List.of("host", PORT)) {
            Optional<Node.Entry> entry = Tree.find(given, key);
            listener = entry.isPresent() ? Tree.with(listener, entry.get()) : listener;
        }
        listener = Tree.with(listener, new Node.Entry("tls", origin, tls(path + ".tls")));
        Node.Entries transport = transport(Tree.without(given, "host", PORT, CHAIN, PRIVATE_KEY));
        return Tree.with(listener, new Node.Entry(TRANSPORTS, origin, new Node.Items(List.of(transport), origin)));
    }

    private Node.Entries tls(String path) {
        Origin origin = given.origin();
        Optional<Node.Entry> chain = Tree.find(given, CHAIN);
        Optional<Node.Entry> key = Tree.find(given, PRIVATE_KEY);
        rewriting.rename(path + ".certificates", KEY + "." + CHAIN);
        if (chain.isEmpty() && key.isEmpty()) {
            return Tree.section(origin);
        }
        String pair = path + ".certificates[0]";
        rewriting.rename(pair, KEY + "." + CHAIN);
        rewriting.rename(pair + ".chain", KEY + "." + CHAIN);
        rewriting.rename(pair + ".key", KEY + "." + PRIVATE_KEY);
        List<Node.Entry> files = new ArrayList<>();
        chain.ifPresent(entry -> files.add(new Node.Entry("chain", entry.origin(), entry.value())));
        key.ifPresent(entry -> files.add(new Node.Entry("key", entry.origin(), entry.value())));
        Node certificates = new Node.Items(List.of(new Node.Entries(files, origin)), origin);
        return Tree.section(origin, new Node.Entry("certificates", origin, certificates));
    }

    private Node.Entries transport(Node.Entries options) {
        return Tree.with(options, Tree.entry(PartType.TYPE_KEY, "h3", given.origin()));
    }
}
