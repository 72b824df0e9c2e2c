package io.lb4j.plugins.registry.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of the program. Immutable.
 *
 * @param task the first word
 * @param operands the others
 * @param options what begins with {@code --}, each with its values
 */
record Words(String task, List<String> operands, Map<String, List<String>> options) {
    private static final Set<String> OPTIONS =
            Set.of("--manifest", "--sign", "--trust", "--index", "--folder", "--cache", "--authorities", "--tls");

    Words {
        operands = List.copyOf(operands);
        options = Map.copyOf(options);
    }

    /**
     * Reads words.
     *
     * @throws IllegalArgumentException if an option is unknown or has no value
     */
    static Words parse(List<String> words) {
        List<String> operands = new ArrayList<>();
        Map<String, List<String>> options = new LinkedHashMap<>();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (!word.startsWith("--")) {
                operands.add(word);
                continue;
            }
            if (!OPTIONS.contains(word) || !rest.hasNext()) {
                throw new IllegalArgumentException(word + ": unknown, or without a value");
            }
            options.computeIfAbsent(word, any -> new ArrayList<>()).add(rest.next());
        }
        String task = operands.isEmpty() ? "" : operands.remove(0);
        return new Words(task, operands, options);
    }

    /**
     * Returns an operand.
     *
     * @param what it is, for the message
     * @throws IllegalArgumentException if there are fewer
     */
    String operand(int position, String what) {
        if (position >= operands.size()) {
            throw new IllegalArgumentException(task + ": no " + what);
        }
        return operands.get(position);
    }

    /** Returns the last value of an option. */
    Optional<String> option(String name) {
        List<String> values = options.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /**
     * Returns the value of an option.
     *
     * @throws IllegalArgumentException if it is not there
     */
    String required(String name) {
        return option(name).orElseThrow(() -> new IllegalArgumentException(task + ": no " + name));
    }

    /** Returns the values of an option that are written {@code NAME=FILE}. */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String value : options.getOrDefault(name, List.of())) {
            int end = value.indexOf('=');
            if (end <= 0) {
                throw new IllegalArgumentException(name + ": \"" + value + "\" (expected: NAME=FILE)");
            }
            pairs.put(value.substring(0, end), value.substring(end + 1));
        }
        return pairs;
    }
}
