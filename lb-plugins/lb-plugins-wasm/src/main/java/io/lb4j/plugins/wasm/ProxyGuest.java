package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.Guest;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.plugins.wasm.engine.GuestFunction;
import io.lb4j.plugins.wasm.engine.GuestMemory;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a plugin of proxy-wasm, with its contexts: 1 is that of the plugin, each exchange has one of its own. Made on any thread, and confined to one event loop
 * from then on.
 *
 * <p>A call that faults retires the instance: exchanges that begin get another one. Those that it has contexts of stay with it, for their state is nowhere else; each call
 * of theirs may fault in turn.
 */
final class ProxyGuest implements LoopGuest, GuestHost, SharedSpace.Listener {
    static final int ROOT = 1;

    private static final int MOST_KEPT_OVER = 1000;

    private final PluginFacilities facilities;
    private final boolean stopsHeadsAlone;
    private volatile @Nullable EventLoop loop; // once it is in its place
    private final Guest guest;
    private final Map<Callback, GuestFunction> functions = new EnumMap<>(Callback.class);
    private final IntObjectMap<StreamContext> streams = new IntObjectHashMap<>();
    private final Effects effects = new Effects();
    private final GuestCalls calls = new GuestCalls(this);
    private final Ticker ticker = new Ticker(this);

    private int lastContext = ROOT;
    private int current = ROOT; // whose callback runs
    private int effective; // what the guest has put in its place, or 0
    private int keptOver; // contexts whose exchange is over
    private boolean allocating;
    private volatile boolean retired; // written by the loop; others may ask
    private boolean closed;

    private ProxyGuest(CompiledModule module, PluginFacilities facilities) {
        this.facilities = facilities;
        this.stopsHeadsAlone = ProxyAbi.isOfHigress(module);
        this.guest = module.prepare(facilities.settings().limits());
        guest.start(ProxyAbi.FUNCTIONS.bind(module, facilities.settings(), this));
        for (Callback callback : Callback.values()) {
            boolean isAllocator = callback == Callback.ALLOCATE || callback == Callback.MALLOC;
            if (isAllocator || facilities.settings().mayCall(callback.export())) {
                guest.function(callback.export(), callback.signature())
                        .ifPresent(found -> functions.put(callback, found));
            }
        }
    }

    /**
     * Makes an instance and configures it.
     *
     * @throws GuestFault if it faults, or says that it cannot work so
     */
    static ProxyGuest start(CompiledModule module, PluginFacilities facilities) {
        ProxyGuest started = new ProxyGuest(module, facilities);
        boolean fit = false;
        try {
            started.configure();
            fit = true;
            return started;
        } finally {
            if (!fit) {
                started.effects.forget();
                started.guest.close();
            }
        }
    }

    private void configure() {
        GuestSettings settings = facilities.settings();
        call(Callback.CONTEXT_CREATE, ROOT, 0);
        requireTrue(Callback.VM_START, settings.vmConfig());
        requireTrue(Callback.CONFIGURE, settings.config());
    }

    private void requireTrue(Callback callback, Octets configuration) {
        GuestFunction function = functions.get(callback);
        boolean agreed = function == null || startCall(function, configuration.length()) != 0;
        if (!agreed) {
            throw new GuestFault(
                    GuestFault.Reason.MISCONDUCT,
                    callback.export() + ": false (expected: true; the guest's log says what it misses)");
        }
    }

    private long startCall(GuestFunction function, int length) {
        long nanos = facilities.settings().limits().startTime().toNanos();
        long result = guest.call(function, nanos, new long[] {ROOT, length});
        effects.carryOut();
        return result;
    }

    /** The instance is in its place: what it has asked for meanwhile is done. Called on the loop. */
    @Override
    public void begin(EventLoop place) {
        loop = place;
        effects.begin();
    }

    /** Returns whether the answer 1 to a head has its body shown nevertheless: Higress's guests say 3 or 4 where both are to wait. */
    boolean stopsHeadsAlone() {
        return stopsHeadsAlone;
    }

    boolean has(Callback callback) {
        return functions.containsKey(callback);
    }

    /**
     * Calls the guest, and does what it has asked for.
     *
     * @param arguments the context's number, and what else there is
     * @return the result; 0 if the guest does not care for the callback
     * @throws GuestFault if the call does not come to its end; the instance has retired then
     */
    long call(Callback callback, long... arguments) {
        GuestFunction function = functions.get(callback);
        if (function == null) {
            return 0;
        }
        int formerCurrent = current;
        int formerEffective = effective;
        current = (int) arguments[0];
        effective = 0;
        long result;
        try {
            result = guest.call(function, arguments);
        } catch (GuestFault fault) {
            effects.forget();
            retire();
            throw fault;
        } finally {
            current = formerCurrent;
            effective = formerEffective;
        }
        effects.carryOut();
        return result;
    }

    /** Calls the guest for nobody in particular: what faults is logged. */
    void callAside(Callback callback, long... arguments) {
        callFor(null, callback, arguments);
    }

    /** Calls the guest on behalf of an exchange, outside of its callbacks: where that faults the exchange is told. */
    void callFor(@Nullable StreamContext stream, Callback callback, long... arguments) {
        try {
            call(callback, arguments);
        } catch (GuestFault fault) {
            facilities
                    .logger()
                    .warn(
                            "{} of plugin {} failed",
                            callback.export(),
                            facilities.settings().name(),
                            fault);
            if (stream != null) {
                stream.fail(fault);
            }
        }
    }

    @Override
    public boolean isGone() {
        return retired;
    }

    @Override
    public void ready(int queue) {
        EventLoop place = loop;
        try {
            if (place != null) {
                place.execute(() -> hearOf(queue));
            }
        } catch (RejectedExecutionException e) {
            // The loop has shut down, and this instance with it: nobody is left to be told.
            facilities.logger().debug("nobody hears of queue {}", queue, e);
        }
    }

    private void hearOf(int queue) {
        if (!retired) {
            callAside(Callback.QUEUE_READY, ROOT, queue);
        }
    }

    // ---- contexts ----

    /** Makes a context for an exchange. */
    @Override
    public StreamContext open(FilterExchange exchange) {
        StreamContext stream = new StreamContext(this, nextContext(), exchange);
        streams.put(stream.id(), stream);
        try {
            call(Callback.CONTEXT_CREATE, stream.id(), ROOT);
        } catch (GuestFault fault) {
            forget(stream);
            throw fault;
        }
        return stream;
    }

    /** Returns a number that no context has: after 2^32 exchanges they come again. */
    private int nextContext() {
        do {
            lastContext = lastContext == -1 ? ROOT + 1 : lastContext + 1;
        } while (streams.containsKey(lastContext));
        return lastContext;
    }

    /** A context is over. */
    void forget(StreamContext stream) {
        streams.remove(stream.id());
        closeIfUnused();
    }

    /** Returns the context whose exchange the guest means now; null if it means the plugin itself. */
    @Nullable StreamContext stream() {
        StreamContext chosen = effective == 0 ? null : streams.get(effective);
        if (chosen != null) {
            return chosen;
        }
        return effective == ROOT ? null : streams.get(current);
    }

    boolean isOnRoot() {
        return stream() == null;
    }

    /** Chooses another context; returns whether it is there. */
    boolean choose(int context) {
        if (context != ROOT && !streams.containsKey(context)) {
            return false;
        }
        effective = context;
        return true;
    }

    // ---- life ----

    @Override
    public boolean canBeAwaited() {
        return true;
    }

    @Override
    public boolean isRetired() {
        return retired;
    }

    /** Takes no further exchanges; once the last one is over the instance is closed. */
    @Override
    public void retire() {
        retired = true;
        ticker.stop();
        streams.values().removeIf(StreamContext::isOver); // they wait for a word of the guest's that may never come
        closeIfUnused();
    }

    /** Returns whether there is room for a context whose exchange is over, and whose guest has yet to say that it has done. */
    boolean mayKeepOver() {
        return !retired && keptOver < MOST_KEPT_OVER;
    }

    void keepOver(int more) {
        keptOver += more;
    }

    private void closeIfUnused() {
        if (retired && streams.isEmpty() && !closed && current == ROOT) {
            closed = true;
            calls.cancelAll();
            guest.close();
        }
    }

    /** Ends, whatever is under way: the last exchange is over. */
    @Override
    public void close() {
        if (!retired) {
            tellEnd();
            retire();
        }
        if (!closed) {
            streams.clear();
            closeIfUnused();
        }
    }

    private void tellEnd() {
        callAside(Callback.DONE, ROOT);
        if (!retired) {
            callAside(Callback.DELETE, ROOT);
        }
    }

    // ---- what host functions use ----

    @Override
    public PluginFacilities facilities() {
        return facilities;
    }

    /** Returns the loop that it is confined to; null if it has no place yet. */
    @Nullable EventLoop loop() {
        return loop;
    }

    @Override
    public GuestMemory memory() {
        return guest.memory();
    }

    @Override
    public Effects effects() {
        return effects;
    }

    GuestCalls calls() {
        return calls;
    }

    Ticker ticker() {
        return ticker;
    }

    /** Returns the configuration that a buffer stands for, that of the machine or that of the plugin: plugins for APISIX ask for the latter at any time. */
    byte[] configuration(int buffer) {
        GuestSettings settings = facilities.settings();
        return (buffer == ProxyAbi.VM_CONFIGURATION ? settings.vmConfig() : settings.config()).array();
    }

    /** Has the guest make room for what is returned to it; 0 if it does not. */
    int allocate(int octets) {
        GuestFunction function = functions.getOrDefault(Callback.ALLOCATE, functions.get(Callback.MALLOC));
        if (function == null) {
            return 0;
        }
        if (allocating) {
            throw new GuestFault(GuestFault.Reason.MISCONDUCT, "guest: asks for octets while it makes room for others");
        }
        allocating = true;
        try {
            return (int) guest.call(function, octets);
        } finally {
            allocating = false;
        }
    }

    /** Hands octets to the guest, by an address and a length that it finds where it has said; returns the status. */
    int give(byte[] octets, int addressAt, int lengthAt) {
        GuestMemory memory = guest.memory();
        if (!memory.writeInt(addressAt, 0) || !memory.writeInt(lengthAt, 0)) {
            return Status.INVALID_MEMORY_ACCESS;
        }
        if (octets.length == 0) {
            return Status.OK;
        }
        int address = allocate(octets.length);
        if (address == 0 || !memory.write(address, octets, 0, octets.length)) {
            return Status.INVALID_MEMORY_ACCESS;
        }
        memory.writeInt(addressAt, address);
        memory.writeInt(lengthAt, octets.length);
        return Status.OK;
    }
}
