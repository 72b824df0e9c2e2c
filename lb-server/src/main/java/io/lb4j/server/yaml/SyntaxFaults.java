package io.lb4j.server.yaml;

import io.lb4j.config.Fault;
import io.lb4j.config.Origin;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says what is wrong with a text that is no YAML, and what to do about it. */
final class SyntaxFaults {
    private SyntaxFaults() {}

    static Fault of(String file, String text, YamlEngineException e) {
        if (e instanceof MarkedYamlEngineException marked) {
            Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
            return fault(file, seen(marked), remedy(marked), mark.map(at -> place(file, at)));
        }
        if (e instanceof ReaderException unreadable) {
            String seen = String.format("the character U+%04X", unreadable.getCodePoint());
            return fault(file, seen, "text", Optional.of(place(file, text, unreadable.getPosition())));
        }
        return fault(file, "no YAML", "YAML 1.2", Optional.empty());
    }

    private static Fault fault(String file, String seen, String expected, Optional<Origin> origin) {
        Origin place = origin.orElseGet(() -> new Origin.Place(file, 1, 1));
        return Fault.of(file, Fault.Code.UNREADABLE, seen, expected, place);
    }

    private static String seen(MarkedYamlEngineException e) {
        String problem = problemOf(e)
                .replaceAll("\\.? \\(Do not use .+ for indentation\\)", "")
                .replaceAll("\\s*\\p{Cntrl}|\\(\\d+\\)$", "");
        Optional<Mark> begin = e.getContextMark();
        String context =
                e.getContext() == null ? "" : e.getContext().replaceFirst("^while (parsing|scanning)(?= an? )", "in");
        boolean tells = begin.isPresent() && context.startsWith("in ");
        return tells
                ? problem + " " + context + " that begins at line "
                        + (begin.get().getLine() + 1)
                : problem;
    }

    private static String problemOf(MarkedYamlEngineException e) {
        return e.getProblem() == null ? "no YAML" : e.getProblem();
    }

    /** The problems that people run into, and what they have mostly done. */
    private static String remedy(MarkedYamlEngineException e) {
        String problem = problemOf(e);
        if (problem.contains("TAB")) {
            return "spaces for indentation, no tabs";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "a text with \": \" in quotation marks, or the key on a line of its own";
        }
        if (problem.startsWith("expected <block end>")) {
            return "keys, or dashes, of one section in one column";
        }
        if (problem.contains("could not find expected ':'")) {
            return "a colon after the key";
        }
        if (problem.contains("expected ',' or") && problem.endsWith("got {")) {
            return "a value with ${…} in quotation marks where it stands between braces or brackets";
        }
        if (problem.contains("expected ',' or")) {
            return "a comma between elements, and the closing bracket";
        }
        String context = e.getContext() == null ? "" : e.getContext();
        boolean isQuoted = context.contains("quoted scalar");
        if (isQuoted && problem.contains("end of stream")) {
            return "the quotation mark that ends the text";
        }
        if (isQuoted && problem.contains("escape")) {
            return "\\\\ for a backslash between double quotation marks, or single ones around the text";
        }
        boolean isAnchor = context.contains("anchor") || context.contains("alias");
        if (isAnchor || problem.contains("cannot start any token")) {
            return "a text that begins so in quotation marks";
        }
        return "YAML 1.2";
    }

    private static Origin place(String file, Mark mark) {
        return new Origin.Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Origin place(String file, String text, int position) {
        int end = Math.min(position, text.length());
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Origin.Place(file, line, end - lineStart + 1);
    }
}
