package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts into values what stands elsewhere: <code>${NAME}</code> and <code>${NAME:-default}</code> for variables of the environment,
 * <code>${file:path}</code> for what a file holds, <code>$${</code> for these two characters themselves. Keys and comments stay as they are, and what is put in is
 * a value and never YAML. Confined to one thread.
 */
final class Substitution {
    /** Octets beyond which a file is no secret. */
    static final int MAX_SECRET = 64 << 10;

    private static final String BEGIN = "${";
    private static final String FORMS = "${NAME}, ${NAME:-default}, ${file:path}, or $${ for the characters themselves";
    private static final Pattern FILE = Pattern.compile("file:(.+)");
    private static final Pattern VARIABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

    private final Map<String, String> environment;
    private final Set<Path> files = new LinkedHashSet<>();
    private final Set<Origin> secret = new HashSet<>();

    Substitution(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns the files whose content was put in, or was to be. */
    Set<Path> files() {
        return files;
    }

    /** Returns whether a value holds what stood in a file, and is not to be shown. */
    boolean isSecret(Origin origin) {
        return secret.contains(origin);
    }

    /** Returns a tree with everything put in; reports what is not there. */
    Node apply(Node node, Scope scope) {
        if (node instanceof Node.Scalar scalar) {
            return scalar.text().contains(BEGIN) ? filled(scalar, scope) : scalar;
        }
        if (node instanceof Node.Items items) {
            List<Node> nodes = new ArrayList<>();
            for (Node each : items.nodes()) {
                nodes.add(apply(each, placeOf(each, nodes.size(), scope)));
            }
            return new Node.Items(nodes, items.origin());
        }
        return apply((Node.Entries) node, scope);
    }

    /** Sections of a list are called by their names. */
    private static Scope placeOf(Node element, int index, Scope list) {
        return element instanceof Node.Entries section
                ? Tree.text(section, "name").map(list::at).orElseGet(() -> list.at(index))
                : list.at(index);
    }

    /** Returns a section with everything put in; reports what is not there. */
    Node.Entries apply(Node.Entries section, Scope scope) {
        List<Node.Entry> entries = new ArrayList<>();
        for (Node.Entry entry : section.entries()) {
            Node value = apply(entry.value(), scope.at(entry.key()));
            entries.add(new Node.Entry(entry.key(), entry.origin(), value));
        }
        return new Node.Entries(entries, section.origin());
    }

    private Node filled(Node.Scalar scalar, Scope scope) {
        String text = scalar.text();
        StringBuilder out = new StringBuilder();
        boolean isWhole = true;
        int from = 0;
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, from)) {
            boolean isEscaped = at > from && text.charAt(at - 1) == '$';
            if (isEscaped) {
                out.append(text, from, at - 1).append(BEGIN);
                from = at + BEGIN.length();
                continue;
            }
            int end = text.indexOf('}', at);
            out.append(text, from, at);
            if (end < 0) {
                report(Fault.Code.INVALID, "${ without }", FORMS, scalar, scope);
                return scalar;
            }
            String inner = text.substring(at + BEGIN.length(), end);
            isWhole &= put(inner, out, scalar, scope);
            from = end + 1;
        }
        out.append(text.substring(from));
        // What an unquoted value becomes is read as if it stood there: a number, true or false. What a file holds is a
        // text.
        boolean isText = scalar.isQuoted() || secret.contains(scalar.origin());
        return isWhole ? new Node.Scalar(out.toString(), scalar.origin(), isText) : scalar;
    }

    private boolean put(String inner, StringBuilder out, Node.Scalar scalar, Scope scope) {
        Matcher file = FILE.matcher(inner);
        if (file.matches()) {
            return putFile(file.group(1), out, scalar, scope);
        }
        Matcher variable = VARIABLE.matcher(inner);
        if (!variable.matches()) {
            // Not what it is: it may be a piece of a password.
            report(Fault.Code.INVALID, "${…} of no known form", FORMS, scalar, scope);
            return false;
        }
        String value = environment.getOrDefault(variable.group(1), "");
        String otherwise = variable.group(2);
        if (value.isEmpty() && otherwise == null) {
            String name = variable.group(1);
            String seen = BEGIN + name + "}" + (environment.containsKey(name) ? " is empty" : " is not set");
            String expected = "the variable in the environment, or a default: ${" + name + ":-…}";
            report(Fault.Code.MISSING, seen, expected, scalar, scope);
            return false;
        }
        out.append(value.isEmpty() && otherwise != null ? otherwise : value);
        return true;
    }

    private boolean putFile(String name, StringBuilder out, Node.Scalar scalar, Scope scope) {
        secret.add(scalar.origin());
        String seen = BEGIN + "file:" + name + "}";
        try {
            Path file = scalar.origin() instanceof Origin.Place place ? place.resolve(Path.of(name)) : Path.of(name);
            files.add(file);
            String content = read(file);
            if (content.isEmpty()) {
                report(Fault.Code.MISSING, seen + ": nothing in it", "a file with a text", scalar, scope);
                return false;
            }
            out.append(content);
            return true;
        } catch (CharacterCodingException e) {
            report(Fault.Code.UNREADABLE, seen + ": no UTF-8", "a text in UTF-8", scalar, scope);
        } catch (IOException | InvalidPathException e) {
            String expected = "a file that can be read, of at most 64 KiB";
            report(Fault.Code.UNREADABLE, seen + ": " + FileTrouble.of(e), expected, scalar, scope);
        }
        return false;
    }

    /** Returns a file's text; the line feed that editors put at the end is no part of a secret. */
    private static String read(Path file) throws IOException {
        FileTrouble.requireFile(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_SECRET + 1);
            if (octets.length > MAX_SECRET) {
                throw new IOException("it is too large");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            return text.replaceFirst("\r?\n\\z", "");
        }
    }

    private void report(Fault.Code code, String seen, String expected, Node.Scalar scalar, Scope scope) {
        scope.report(code, seen, expected, scalar.origin());
    }
}
