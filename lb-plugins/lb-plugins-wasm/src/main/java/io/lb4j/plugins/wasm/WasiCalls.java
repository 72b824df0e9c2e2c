package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.GuestExit;
import io.lb4j.plugins.wasm.engine.GuestMemory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * As much of WASI as proxy-wasm 0.2.1 has guests use: clocks, random octets, variables, output to the log. There are no files, no sockets and no waiting:
 * what asks for them is told that there are none.
 */
final class WasiCalls {
    private static final int SUCCESS = 0;
    private static final int BAD_DESCRIPTOR = 8;
    static final int FAULT = 21;
    private static final int INVALID = 28;
    private static final int NO_ENTRY = 44;
    private static final int NO_SYSTEM_CALL = 52;
    private static final int NOT_SUPPORTED = 58;

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int INFO = 2;
    private static final int ERROR = 4;
    private static final int MOST_RANDOM = 65_536;
    private static final int MOST_PARTS = 1024;
    private static final int MOST_TEXT = 65_536;
    private static final int FDSTAT_OCTETS = 24;
    private static final long RIGHT_TO_WRITE = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final List<HostCall<GuestHost>> USED = List.of(
            wasi("fd_write", "iiii>i", WasiCalls::write),
            wasi("fd_fdstat_get", "ii>i", WasiCalls::descriptor),
            wasi("clock_time_get", "iji>i", (guest, arguments) -> clock(guest, arguments[0], arguments[2])),
            wasi("clock_res_get", "ii>i", WasiCalls::resolution),
            wasi("random_get", "ii>i", WasiCalls::random),
            wasi("environ_sizes_get", "ii>i", WasiCalls::environmentSizes),
            wasi("environ_get", "ii>i", WasiCalls::environment),
            wasi("args_sizes_get", "ii>i", WasiCalls::noArguments),
            wasi("args_get", "ii>i", (guest, arguments) -> SUCCESS),
            wasi("sched_yield", ">i", (guest, arguments) -> SUCCESS),
            wasi("proc_exit", "i>", (guest, arguments) -> {
                throw new GuestExit((int) arguments[0]);
            }));

    /** What is not there, by its signature and what is answered. */
    private static final List<HostCall<GuestHost>> ABSENT = List.of(
            wasi("fd_close", "i>i", answer(SUCCESS)),
            wasi("fd_seek", "ijii>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_tell", "ii>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_read", "iiii>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_pread", "iiiji>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_pwrite", "iiiji>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_sync", "i>i", answer(SUCCESS)),
            wasi("fd_datasync", "i>i", answer(SUCCESS)),
            wasi("fd_advise", "ijji>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_allocate", "ijj>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_fdstat_set_flags", "ii>i", answer(NO_SYSTEM_CALL)),
            wasi("fd_fdstat_set_rights", "ijj>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_filestat_get", "ii>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_filestat_set_size", "ij>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_filestat_set_times", "ijji>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_prestat_get", "ii>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_prestat_dir_name", "iii>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_readdir", "iiiji>i", answer(BAD_DESCRIPTOR)),
            wasi("fd_renumber", "ii>i", answer(BAD_DESCRIPTOR)),
            wasi("path_open", "iiiiijjii>i", answer(NO_ENTRY)),
            wasi("path_create_directory", "iii>i", answer(NOT_SUPPORTED)),
            wasi("path_filestat_get", "iiiii>i", answer(NO_ENTRY)),
            wasi("path_filestat_set_times", "iiiijji>i", answer(NOT_SUPPORTED)),
            wasi("path_link", "iiiiiii>i", answer(NOT_SUPPORTED)),
            wasi("path_readlink", "iiiiii>i", answer(NO_ENTRY)),
            wasi("path_remove_directory", "iii>i", answer(NOT_SUPPORTED)),
            wasi("path_rename", "iiiiii>i", answer(NOT_SUPPORTED)),
            wasi("path_symlink", "iiiii>i", answer(NOT_SUPPORTED)),
            wasi("path_unlink_file", "iii>i", answer(NOT_SUPPORTED)),
            wasi("poll_oneoff", "iiii>i", WasiCalls::poll),
            wasi("proc_raise", "i>i", answer(NOT_SUPPORTED)),
            wasi("sock_accept", "iii>i", answer(NOT_SUPPORTED)),
            wasi("sock_recv", "iiiiii>i", answer(NOT_SUPPORTED)),
            wasi("sock_send", "iiiii>i", answer(NOT_SUPPORTED)),
            wasi("sock_shutdown", "ii>i", answer(NOT_SUPPORTED)));

    static final List<HostCall<GuestHost>> ALL = all();

    private WasiCalls() {}

    private static HostCall<GuestHost> wasi(String name, String signature, HostCall.Body<GuestHost> body) {
        return new HostCall<>("wasi_snapshot_preview1", name, signature, body);
    }

    private static HostCall.Body<GuestHost> answer(int errno) {
        return (guest, arguments) -> errno;
    }

    /** Old modules know WASI by an older name; what is here was the same then, but for two signatures. */
    private static List<HostCall<GuestHost>> all() {
        List<HostCall<GuestHost>> all = new ArrayList<>(USED);
        all.addAll(ABSENT);
        for (HostCall<GuestHost> each : List.copyOf(all)) {
            if (!each.name().equals("fd_seek") && !each.name().contains("filestat_get")) {
                all.add(new HostCall<>("wasi_unstable", each.name(), each.signature(), each.body()));
            }
        }
        return List.copyOf(all);
    }

    private static int write(GuestHost guest, long[] arguments) {
        int descriptor = (int) arguments[0];
        if (descriptor != STDOUT && descriptor != STDERR) {
            return BAD_DESCRIPTOR;
        }
        GuestMemory memory = guest.memory();
        int parts = (int) arguments[2];
        if (parts < 0 || parts > MOST_PARTS) {
            return INVALID;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int written = 0; // as the guest counts it, in 32 bits
        for (int i = 0; i < parts; i++) {
            int at = (int) arguments[1] + i * 2 * Integer.BYTES;
            if (!memory.holds(at, 2 * Integer.BYTES)) {
                return FAULT;
            }
            int address = memory.readInt(at);
            int length = memory.readInt(at + Integer.BYTES);
            if (!memory.holds(address, length)) {
                return FAULT;
            }
            int room = MOST_TEXT - text.size(); // the parts may be the same memory over and over
            text.writeBytes(memory.read(address, Integer.compareUnsigned(length, room) < 0 ? length : room));
            written += length;
        }
        if (!memory.writeInt((int) arguments[3], written)) {
            return FAULT;
        }
        String line = text.toString(StandardCharsets.UTF_8).stripTrailing();
        if (!line.isEmpty()) {
            Logs.write(guest, descriptor == STDOUT ? INFO : ERROR, line);
        }
        return SUCCESS;
    }

    private static int descriptor(GuestHost guest, long[] arguments) {
        int descriptor = (int) arguments[0];
        int at = (int) arguments[1];
        if (descriptor != STDOUT && descriptor != STDERR) {
            return BAD_DESCRIPTOR;
        }
        if (!guest.memory().holds(at, FDSTAT_OCTETS)) {
            return FAULT;
        }
        guest.memory().writeLong(at, 0);
        guest.memory().writeLong(at + Long.BYTES, RIGHT_TO_WRITE);
        guest.memory().writeLong(at + 2 * Long.BYTES, 0);
        return SUCCESS;
    }

    private static int clock(GuestHost guest, long clock, long at) {
        if (clock != 0 && clock != 1) {
            return NOT_SUPPORTED;
        }
        long nanos = clock == 0 ? BasicCalls.epochNanos() : System.nanoTime() & Long.MAX_VALUE;
        return guest.memory().writeLong((int) at, nanos) ? SUCCESS : FAULT;
    }

    private static int resolution(GuestHost guest, long[] arguments) {
        if (arguments[0] != 0 && arguments[0] != 1) {
            return NOT_SUPPORTED;
        }
        return guest.memory().writeLong((int) arguments[1], 1) ? SUCCESS : FAULT;
    }

    private static int random(GuestHost guest, long[] arguments) {
        int length = (int) arguments[1];
        if (length < 0 || length > MOST_RANDOM) {
            return INVALID;
        }
        byte[] octets = new byte[length];
        StackRoom.require();
        RANDOM.nextBytes(octets);
        return guest.memory().write((int) arguments[0], octets, 0, length) ? SUCCESS : FAULT;
    }

    private static byte[] variable(Map.Entry<String, String> variable) {
        return (variable.getKey() + "=" + variable.getValue() + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static int environmentSizes(GuestHost guest, long[] arguments) {
        Map<String, String> environment = guest.settings().environment();
        int octets = environment.entrySet().stream()
                .mapToInt(each -> variable(each).length)
                .sum();
        boolean fits = guest.memory().writeInt((int) arguments[0], environment.size())
                && guest.memory().writeInt((int) arguments[1], octets);
        return fits ? SUCCESS : FAULT;
    }

    private static int environment(GuestHost guest, long[] arguments) {
        int pointer = (int) arguments[0];
        int at = (int) arguments[1];
        for (Map.Entry<String, String> each : guest.settings().environment().entrySet()) {
            byte[] octets = variable(each);
            if (!guest.memory().writeInt(pointer, at) || !guest.memory().write(at, octets, 0, octets.length)) {
                return FAULT;
            }
            pointer += Integer.BYTES;
            at += octets.length;
        }
        return SUCCESS;
    }

    private static int noArguments(GuestHost guest, long[] arguments) {
        boolean fits =
                guest.memory().writeInt((int) arguments[0], 0) && guest.memory().writeInt((int) arguments[1], 0);
        return fits ? SUCCESS : FAULT;
    }

    /** Nothing has happened, and nobody has waited: Go's runtime asks for this. */
    private static int poll(GuestHost guest, long[] arguments) {
        return guest.memory().writeInt((int) arguments[3], 0) ? SUCCESS : FAULT;
    }
}
