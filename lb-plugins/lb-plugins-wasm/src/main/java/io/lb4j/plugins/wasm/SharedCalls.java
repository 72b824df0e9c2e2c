package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Data, queues and figures that instances share. */
final class SharedCalls {
    static final List<HostCall<ProxyGuest>> ALL = List.of(
            proxy("get_shared_data", "iiiii", SharedCalls::find),
            proxy("set_shared_data", "iiiii", SharedCalls::store),
            proxy("register_shared_queue", "iii", SharedCalls::register),
            proxy("resolve_shared_queue", "iiiii", SharedCalls::resolve),
            proxy("enqueue_shared_queue", "iii", SharedCalls::enqueue),
            proxy("dequeue_shared_queue", "iii", SharedCalls::dequeue),
            proxy("define_metric", "iiii", SharedCalls::define),
            proxy("increment_metric", "ij", SharedCalls::increment),
            proxy("record_metric", "ij", SharedCalls::record),
            proxy("get_metric", "ii", SharedCalls::metric));

    private SharedCalls() {}

    private static int find(ProxyGuest guest, long[] arguments) {
        String key = GuestArguments.latin(guest, arguments, 0);
        GuestArguments.requirePlace(guest, arguments[4]);
        Optional<SharedSpace.Entry> entry =
                guest.facilities().space().find(guest.settings().vmId(), key);
        if (entry.isEmpty()) {
            return Status.NOT_FOUND;
        }
        int given = guest.give(entry.get().value().array(), (int) arguments[2], (int) arguments[3]);
        return given == Status.OK
                ? GuestArguments.put(guest, arguments[4], entry.get().cas())
                : given;
    }

    private static int store(ProxyGuest guest, long[] arguments) {
        String key = GuestArguments.latin(guest, arguments, 0);
        byte[] value = GuestArguments.octets(guest, arguments, 2);
        StackRoom.require();
        return guest.facilities().space().store(guest.settings().vmId(), key, value, (int) arguments[4]);
    }

    private static int register(ProxyGuest guest, long[] arguments) {
        String name = GuestArguments.latin(guest, arguments, 0);
        GuestArguments.requirePlace(guest, arguments[2]);
        StackRoom.require();
        SharedSpace space = guest.facilities().space();
        int number = space.register(guest.settings().vmId(), name);
        if (number == 0) {
            return Status.INTERNAL_FAILURE;
        }
        guest.effects().add(() -> space.listen(number, guest)); // which a guest that has no place yet does later
        return GuestArguments.put(guest, arguments[2], number);
    }

    private static int resolve(ProxyGuest guest, long[] arguments) {
        String vmId = GuestArguments.text(guest, arguments, 0);
        String name = GuestArguments.latin(guest, arguments, 2);
        int number = guest.facilities()
                .space()
                .resolve(vmId.isEmpty() ? guest.settings().vmId() : vmId, name);
        return number == 0 ? Status.NOT_FOUND : GuestArguments.put(guest, arguments[4], number);
    }

    private static int enqueue(ProxyGuest guest, long[] arguments) {
        int number = (int) arguments[0];
        byte[] item = GuestArguments.octets(guest, arguments, 1);
        StackRoom.require();
        List<SharedSpace.Listener> told = new ArrayList<>(1);
        int status = guest.facilities().space().enqueue(number, item, told);
        told.forEach(listener -> guest.effects().add(() -> listener.ready(number)));
        return status;
    }

    private static int dequeue(ProxyGuest guest, long[] arguments) {
        GuestArguments.requirePlace(guest, arguments[1]);
        GuestArguments.requirePlace(guest, arguments[2]);
        StackRoom.require();
        List<byte[]> taken = new ArrayList<>(1);
        int status = guest.facilities().space().dequeue((int) arguments[0], taken);
        return taken.isEmpty() ? status : guest.give(taken.get(0), (int) arguments[1], (int) arguments[2]);
    }

    private static int define(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        String name = GuestArguments.text(guest, arguments, 1);
        GuestArguments.requirePlace(guest, arguments[3]);
        if (type < MetricTable.COUNTER || type > MetricTable.HISTOGRAM) {
            return Status.BAD_ARGUMENT;
        }
        StackRoom.require();
        int id = guest.facilities().metrics().define(type, name);
        return id == 0 ? Status.INTERNAL_FAILURE : GuestArguments.put(guest, arguments[3], id);
    }

    private static int increment(ProxyGuest guest, long[] arguments) {
        MetricTable.Metric metric = guest.facilities().metrics().find((int) arguments[0]);
        if (metric == null) {
            return Status.NOT_FOUND;
        }
        boolean fits =
                metric.type() == MetricTable.GAUGE || (metric.type() == MetricTable.COUNTER && arguments[1] >= 0);
        if (!fits) {
            return Status.BAD_ARGUMENT;
        }
        metric.value().add(arguments[1]);
        return Status.OK;
    }

    /** Sets a gauge, takes a value into a histogram; adds to a counter, as Envoy does. */
    private static int record(ProxyGuest guest, long[] arguments) {
        MetricTable.Metric metric = guest.facilities().metrics().find((int) arguments[0]);
        if (metric == null) {
            return Status.NOT_FOUND;
        }
        if (metric.type() == MetricTable.COUNTER) {
            return increment(guest, arguments);
        }
        if (metric.sum() == null) {
            metric.value().set(arguments[1]);
        } else {
            metric.value().add(1);
            metric.sum().add(arguments[1]);
        }
        return Status.OK;
    }

    private static int metric(ProxyGuest guest, long[] arguments) {
        MetricTable.Metric metric = guest.facilities().metrics().find((int) arguments[0]);
        if (metric == null) {
            return Status.NOT_FOUND;
        }
        if (metric.type() == MetricTable.HISTOGRAM) {
            return Status.BAD_ARGUMENT;
        }
        return guest.memory().writeLong((int) arguments[1], metric.value().value())
                ? Status.OK
                : Status.INVALID_MEMORY_ACCESS;
    }
}
