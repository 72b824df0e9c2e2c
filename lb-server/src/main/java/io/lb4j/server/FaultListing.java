package io.lb4j.server;

import io.lb4j.config.Fault;
import io.lb4j.config.Origin;
import java.util.List;

/** Writes faults as compilers do, one a line, the place first: editors and terminals lead there. */
final class FaultListing {
    private FaultListing() {}

    /** Returns the faults and, at last, how many there are. */
    static String of(List<Fault> faults) {
        StringBuilder text = new StringBuilder();
        for (Fault fault : faults) {
            text.append(of(fault)).append('\n');
        }
        return text.append(faults.size() == 1 ? "1 fault" : faults.size() + " faults")
                .append('\n')
                .toString();
    }

    /** Returns one fault with its place. */
    static String of(Fault fault) {
        boolean isPlaced = fault.origin() != Origin.byDefault();
        return (isPlaced ? fault.origin() + ": " : "") + messageOf(fault);
    }

    /** A fault of a whole file has the file's name for its path, which the place says already. */
    private static String messageOf(Fault fault) {
        boolean isOfFile =
                fault.origin() instanceof Origin.Place place && place.file().equals(fault.path());
        return isOfFile ? fault.message().substring(fault.path().length() + 2) : fault.message();
    }
}
