package io.lb4j.server.yaml;

import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one file of YAML 1.2 into nodes, each with its line and column. All that is wrong is reported, up to the first place where the text
 * is no YAML at all. Beyond the core of YAML it knows the merge key {@code <<}, and nothing else: no tags but those of the core schema, no
 * null, no second document. Confined to one thread.
 */
public final class YamlReader {
    /** Values beyond which a file is refused, those counted again that an alias repeats. */
    public static final int MAX_VALUES = 1_000_000;

    /** Levels beyond which a file is refused. */
    public static final int MAX_DEPTH = 64;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final String CORE_TAG = "tag:yaml.org,2002:";
    private static final Set<String> SCALAR_TAGS = Set.of("str", "int", "float", "bool");
    private static final String MERGE = "<<";

    private final String file;
    private final Scope root;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int values;

    /** What an alias repeats. */
    private record Anchored(Node node, int values) {}

    private YamlReader(String file, String text, Faults faults) {
        this.file = file;
        this.root = Scope.root(faults, PartCatalog.of(List.of()));
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE) // whoever hands the text over has limited it
                .build();
        events = new ParserImpl(settings, new StreamReader(settings, text));
    }

    /**
     * Reads a text.
     *
     * @param file the file's name, for the places of nodes and faults
     * @param faults takes what is wrong
     * @return empty if there is nothing in it, or it is no YAML
     */
    public static Optional<Node> read(String file, String text, Faults faults) {
        try {
            return new YamlReader(file, text, faults).document();
        } catch (YamlEngineException e) {
            faults.add(SyntaxFaults.of(file, text, e));
            return Optional.empty();
        } catch (TooMuch e) {
            faults.add(Fault.of(file, Fault.Code.UNREADABLE, e.seen, e.expected, e.origin));
            return Optional.empty();
        }
    }

    private Optional<Node> document() {
        events.next(); // the stream's start
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) {
            return Optional.empty();
        }
        Event content = events.next();
        boolean isEmpty = content instanceof ScalarEvent scalar && isNull(scalar);
        Optional<Node> node = isEmpty ? Optional.empty() : Optional.of(node(content, root, 0));
        events.next(); // the document's end
        Event after = events.next();
        if (after instanceof DocumentStartEvent) {
            String expected = "one document in a file; others go into files of their own";
            root.faults()
                    .add(Fault.of(file, Fault.Code.UNREADABLE, "a second document (---)", expected, origin(after)));
        }
        return node;
    }

    /** Returns the node that begins with an event; an empty text in place of one that cannot be used, which has been reported. */
    private Node node(Event event, Scope scope, int depth) {
        if (event instanceof AliasEvent alias) {
            return aliased(alias, scope);
        }
        int before = values;
        count(event, 1);
        if (depth > MAX_DEPTH) {
            throw new TooMuch("more than " + MAX_DEPTH + " levels", "at most " + MAX_DEPTH + " levels", origin(event));
        }
        Node node = content(event, scope, depth);
        int size = values - before;
        ((NodeEvent) event).getAnchor().ifPresent(name -> anchors.put(name.getValue(), new Anchored(node, size)));
        return node;
    }

    private Node content(Event event, Scope scope, int depth) {
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar, scope);
        }
        return event instanceof SequenceStartEvent start
                ? sequence(start, scope, depth)
                : mapping((MappingStartEvent) event, scope, depth);
    }

    private Node aliased(AliasEvent event, Scope scope) {
        String name = event.getAlias().getValue();
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            String expected = "an anchor, &" + name + ", that is complete further up in the file";
            scope.report(Fault.Code.UNKNOWN_NAME, "*" + name, expected, origin(event));
            return unusable(event);
        }
        count(event, anchored.values());
        return anchored.node();
    }

    private void count(Event event, int more) {
        values += more;
        if (values > MAX_VALUES) {
            String seen = "more than " + MAX_VALUES + " values";
            throw new TooMuch(seen, "at most " + MAX_VALUES + ", what aliases repeat included", origin(event));
        }
    }

    private Node scalar(ScalarEvent event, Scope scope) {
        if (isNull(event)) {
            String expected = "a value; leave the key out, or write {} for a section as it is by default";
            scope.report(Fault.Code.MISSING, "nothing", expected, origin(event));
            return unusable(event);
        }
        Optional<String> tag = event.getTag();
        if (tag.isPresent() && !SCALAR_TAGS.contains(coreTag(tag.get()))) {
            return foreignTag(tag.get(), event, scope);
        }
        boolean isText = !event.isPlain()
                || tag.filter(name -> coreTag(name).equals("str")).isPresent();
        return new Node.Scalar(event.getValue(), origin(event), isText);
    }

    private Node sequence(SequenceStartEvent start, Scope scope, int depth) {
        List<Node> items = new ArrayList<>();
        int index = 0;
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, scope.at(index++), depth + 1));
        }
        start.getTag().filter(tag -> !coreTag(tag).equals("seq")).ifPresent(tag -> foreignTag(tag, start, scope));
        return new Node.Items(items, origin(start));
    }

    private Node mapping(MappingStartEvent start, Scope scope, int depth) {
        Mapping mapping = new Mapping(scope);
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            String key = key(event, scope, depth);
            Event content = events.next();
            Node value = isGlued(key, content) ? glued(key, content, scope) : node(content, scope.at(key), depth + 1);
            if (key.equals(MERGE) && event instanceof ScalarEvent scalar && scalar.isPlain()) {
                mapping.merge(value);
            } else if (!key.isEmpty()) {
                mapping.add(new Node.Entry(key, origin(event), value));
            }
        }
        start.getTag().filter(tag -> !coreTag(tag).equals("map")).ifPresent(tag -> foreignTag(tag, start, scope));
        return new Node.Entries(mapping.entries(), origin(start));
    }

    /** Between braces {@code port:8080} is a key, of which there is nothing to be said. */
    private static boolean isGlued(String key, Event content) {
        return key.matches("[\\w-]+:\\S+") && content instanceof ScalarEvent scalar && isNull(scalar);
    }

    private Node glued(String key, Event content, Scope scope) {
        int colon = key.indexOf(':') + 1;
        String expected = "a space after the colon: " + key.substring(0, colon) + " " + key.substring(colon);
        scope.at(key).report(Fault.Code.MISSING, "nothing", expected, origin(content));
        return unusable(content);
    }

    /** Returns a key; an empty text if it cannot be one, which has been reported. */
    private String key(Event event, Scope scope, int depth) {
        if (event instanceof ScalarEvent scalar && !scalar.getValue().isEmpty()) {
            count(event, 1);
            return scalar.getValue();
        }
        if (!(event instanceof ScalarEvent)) {
            node(event, scope, depth + 1);
        }
        String seen = event instanceof ScalarEvent ? "an empty key" : "a key that is no text";
        scope.report(Fault.Code.WRONG_SHAPE, seen, "a text as the key", origin(event));
        return "";
    }

    private Node foreignTag(String tag, Event event, Scope scope) {
        scope.report(Fault.Code.WRONG_SHAPE, "the tag " + tag, "no tag", origin(event));
        return unusable(event);
    }

    private Node unusable(Event event) {
        return new Node.Scalar("", origin(event));
    }

    private static boolean isNull(ScalarEvent event) {
        boolean isPlain = event.isPlain() && event.getTag().isEmpty();
        return (isPlain && NULLS.contains(event.getValue()))
                || event.getTag().filter(tag -> coreTag(tag).equals("null")).isPresent();
    }

    /** Returns a tag of the core schema without its prefix; {@code !} says that a value is what its form says. */
    private static String coreTag(String tag) {
        if (tag.equals("!")) {
            return "str";
        }
        return tag.startsWith(CORE_TAG) ? tag.substring(CORE_TAG.length()) : tag;
    }

    private Origin origin(Event event) {
        return event.getStartMark()
                .<Origin>map(mark -> new Origin.Place(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElseGet(Origin::byDefault);
    }

    /** The text asks for more than is given. */
    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String seen;
        private final String expected;
        private final transient Origin origin;

        TooMuch(String seen, String expected, Origin origin) {
            super(seen, null, false, false);
            this.seen = seen;
            this.expected = expected;
            this.origin = origin;
        }
    }
}
