package io.lb4j.plugins.wasm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * Data and queues that guests of one balancer share, by the name of their virtual machine. What a name has is forgotten when the last plugin of that name is
 * closed; a plugin that is reloaded finds its data again. Bounded. Thread-safe; never blocks for longer than a copy takes.
 */
final class SharedSpace {
    private static final int MOST_OCTETS = 16 << 20; // of data, and of queues, for each name
    private static final int MOST_KEYS = 100_000;
    private static final int MOST_QUEUES = 1000;

    private static final Map<Object, SharedSpace> SPACES = new WeakHashMap<>(); // by balancer; guarded by the class

    private final Map<String, Machine> machines = new HashMap<>(); // guarded by this, as is all below
    private final Map<Integer, Queue> queues = new HashMap<>();
    private int lastQueue;
    private int lastCas;

    /** What one name has. */
    private static final class Machine {
        private final Map<String, Entry> data = new HashMap<>();
        private final Map<String, Integer> queues = new HashMap<>();
        private long octets;
        private int users;
    }

    /** One value. Immutable. */
    record Entry(Octets value, int cas) {}

    /** One queue. */
    private static final class Queue {
        private final ArrayDeque<byte[]> items = new ArrayDeque<>();
        private final List<Listener> listeners = new ArrayList<>();
        private long octets;
    }

    /** Hears of what comes to a queue. Thread-safe. */
    interface Listener {
        /** Returns whether nobody is there any more. */
        boolean isGone();

        /** Something has come. */
        void ready(int queue);
    }

    /** Returns the space of a balancer, which anything that no other balancer has stands for. */
    static SharedSpace of(Object balancer) {
        synchronized (SharedSpace.class) {
            return SPACES.computeIfAbsent(balancer, any -> new SharedSpace());
        }
    }

    synchronized void enter(String vmId) {
        machines.computeIfAbsent(vmId, any -> new Machine()).users++;
    }

    synchronized void leave(String vmId) {
        Machine machine = machines.get(vmId);
        if (machine != null && --machine.users == 0) {
            machines.remove(vmId);
            queues.keySet().removeAll(machine.queues.values());
        }
    }

    synchronized Optional<Entry> find(String vmId, String key) {
        Machine machine = machines.get(vmId);
        return machine == null ? Optional.empty() : Optional.ofNullable(machine.data.get(key));
    }

    /**
     * Stores a value.
     *
     * @param cas 0, or what the present value has to have
     * @return a status
     */
    synchronized int store(String vmId, String key, byte[] value, int cas) {
        Machine machine = machines.get(vmId);
        if (machine == null) {
            return Status.INTERNAL_FAILURE;
        }
        Entry former = machine.data.get(key);
        if (former != null && cas != 0 && cas != former.cas()) {
            return Status.CAS_MISMATCH;
        }
        long more = (long) value.length
                - (former == null ? -key.length() : former.value().length());
        if (machine.octets + more > MOST_OCTETS || (former == null && machine.data.size() >= MOST_KEYS)) {
            return Status.INTERNAL_FAILURE;
        }
        machine.octets += more;
        lastCas = lastCas == -1 ? 1 : lastCas + 1; // 0 means none
        machine.data.put(key, new Entry(Octets.of(value), lastCas));
        return Status.OK;
    }

    /** Returns a queue's number, that of a new queue where there was none; 0 if there are too many. */
    synchronized int register(String vmId, String name) {
        Machine machine = machines.get(vmId);
        if (machine == null) {
            return 0;
        }
        Integer number = machine.queues.get(name);
        if (number == null) {
            if (queues.size() >= MOST_QUEUES) {
                return 0;
            }
            number = ++lastQueue;
            queues.put(number, new Queue());
            machine.queues.put(name, number);
        }
        return number;
    }

    /** Has somebody told of what comes to a queue: the last one to ask that is still there. */
    synchronized void listen(int number, Listener listener) {
        Queue queue = queues.get(number);
        if (queue != null) {
            queue.listeners.removeIf(Listener::isGone);
            queue.listeners.remove(listener);
            queue.listeners.add(listener);
        }
    }

    /** Returns the number of a queue, or 0. */
    synchronized int resolve(String vmId, String name) {
        Machine machine = machines.get(vmId);
        return machine == null ? 0 : machine.queues.getOrDefault(name, 0);
    }

    /**
     * Adds an item to a queue.
     *
     * @param told takes who is to be told of it
     * @return a status
     */
    synchronized int enqueue(int number, byte[] item, List<Listener> told) {
        Queue queue = queues.get(number);
        if (queue == null) {
            return Status.NOT_FOUND;
        }
        if (queue.octets + item.length > MOST_OCTETS || queue.items.size() >= MOST_KEYS) {
            return Status.INTERNAL_FAILURE;
        }
        queue.items.add(item);
        queue.octets += item.length;
        queue.listeners.removeIf(Listener::isGone);
        if (!queue.listeners.isEmpty()) {
            told.add(queue.listeners.get(queue.listeners.size() - 1));
        }
        return Status.OK;
    }

    /** Takes the first item of a queue into a list; returns the status. */
    synchronized int dequeue(int number, List<byte[]> taken) {
        Queue queue = queues.get(number);
        if (queue == null) {
            return Status.NOT_FOUND;
        }
        byte[] item = queue.items.poll();
        if (item == null) {
            return Status.EMPTY;
        }
        queue.octets -= item.length;
        taken.add(item);
        return Status.OK;
    }
}
