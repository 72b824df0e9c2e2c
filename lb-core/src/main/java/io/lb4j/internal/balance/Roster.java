package io.lb4j.internal.balance;

import io.lb4j.model.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of endpoints, by their addresses, and compared with statements that each name all there are: {@link #begin}, {@link #call} for each endpoint,
 * {@link #end}. Statements name most endpoints in the order of the one before, so that few are looked up however many there are, and no other collection of all is
 * made. Not thread-safe.
 *
 * @param <T> what is known of an endpoint
 */
public final class Roster<T> {
    private final Map<String, Entry<T>> byAddress = new HashMap<>();
    private List<Entry<T>> inOrder = new ArrayList<>(); // as they were named by the last statement
    private List<Entry<T>> called = new ArrayList<>(); // by the one under way
    private int statements;
    private int place; // in the last statement, of whoever is expected next

    /** An endpoint that is known. */
    public static final class Entry<T> {
        private final String address;
        private T value;
        private int named; // by which statement, last
        private int place; // in that

        private Entry(String address, T value) {
            this.address = address;
            this.value = value;
        }

        /** Returns what is known. */
        public T value() {
            return value;
        }

        /** Replaces what is known. */
        public void setValue(T next) {
            value = next;
        }
    }

    /** Returns how many are known. */
    public int size() {
        return byAddress.size();
    }

    /** Returns what is known of an address. */
    public @Nullable T get(String address) {
        Entry<T> known = byAddress.get(address);
        return known == null ? null : known.value;
    }

    /** A statement begins. */
    public void begin() {
        statements++;
        place = 0;
        called = new ArrayList<>(inOrder.size());
    }

    /** Finds an endpoint that the statement names; null if it is not known. */
    public @Nullable Entry<T> find(Endpoint endpoint) {
        if (place < inOrder.size()) {
            Entry<T> expected = inOrder.get(place);
            if (expected.address.equals(endpoint.address())) {
                place++;
                return expected;
            }
        }
        Entry<T> known = byAddress.get(endpoint.address());
        if (known != null && known.named != statements) {
            place = known.place + 1;
        }
        return known;
    }

    /** Marks an endpoint as named. Returns false if the statement has named it before. */
    public boolean call(Entry<T> known) {
        if (known.named == statements) {
            return false;
        }
        known.named = statements;
        known.place = called.size();
        called.add(known);
        return true;
    }

    /** Adds an endpoint that the statement names, and that is not known. */
    public void add(Endpoint endpoint, T value) {
        Entry<T> entry = new Entry<>(endpoint.address(), value);
        byAddress.put(entry.address, entry);
        call(entry);
    }

    /** Returns whether the statement under way, or the last one, names an address. */
    public boolean isNamed(String address) {
        Entry<T> known = byAddress.get(address);
        return known != null && known.named == statements;
    }

    /** The statement has named all: returns what was known of others, which are forgotten. */
    public List<T> end() {
        List<T> others = new ArrayList<>();
        if (called.size() < byAddress.size()) {
            for (Entry<T> entry : inOrder) {
                if (entry.named != statements) {
                    byAddress.remove(entry.address);
                    others.add(entry.value);
                }
            }
        }
        inOrder = called;
        called = List.of();
        return others;
    }

    /** The statement has named some: the others stay, behind those. */
    public void endKeepingOthers() {
        for (Entry<T> entry : inOrder) {
            if (entry.named != statements) {
                entry.place = called.size();
                called.add(entry);
            }
        }
        inOrder = called;
        called = List.of();
    }
}
