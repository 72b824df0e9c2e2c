package io.lb4j.dns;

import java.time.Duration;
import java.util.List;

/**
 * What DNS says of a name: a statement, be it that there is nothing. What could not be found out is a {@link DnsFailure}. Immutable.
 *
 * @param status whether there is anything
 * @param records in the order of the answer; empty unless they were found
 * @param timeToLive for how long it holds, the shortest of all records that led to it; of a negative answer that of RFC 2308 §5, zero
 *     where the answer names none
 * @param isPartial whether one of the two address families could not be asked, so that its addresses are missing
 * @param <R> what a record holds
 */
public record DnsAnswer<R>(Status status, List<R> records, Duration timeToLive, boolean isPartial) {
    /** Whether there is anything. */
    public enum Status {
        /** There are records. */
        FOUND,
        /** The name exists, but has no record of this type. */
        NO_RECORDS,
        /** There is no such name: NXDOMAIN (RFC 8020). */
        NO_SUCH_NAME
    }

    /** Copies what it is given. */
    public DnsAnswer {
        records = List.copyOf(records);
    }

    static <R> DnsAnswer<R> of(List<R> records, Duration timeToLive) {
        return new DnsAnswer<>(records.isEmpty() ? Status.NO_RECORDS : Status.FOUND, records, timeToLive, false);
    }

    static <R> DnsAnswer<R> none(Status status, Duration timeToLive) {
        return new DnsAnswer<>(status, List.of(), timeToLive, false);
    }
}
